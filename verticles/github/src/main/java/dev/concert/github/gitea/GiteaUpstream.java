package dev.concert.github.gitea;

import dev.concert.github.api.ForgeCalls;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitUpstream;
import io.vertx.core.Future;
import java.net.URI;

/**
 * Git at Gitea, with the token of the connection.
 *
 * @param user whose token it is
 * @param token a secret
 * @param calls below the repository
 */
record GiteaUpstream(URI web, String user, String token, ForgeCalls calls) implements GitUpstream {
  @Override
  public Future<Login> login(RepositoryName repository, boolean isPush) {
    return Future.succeededFuture(new Login(user, token));
  }

  /** There is no other token. */
  @Override
  public void refused() {}

  /** What the older commit has that the newer has not: nothing. */
  @Override
  public Future<Boolean> isAncestor(String older, String newer) {
    return calls
        .find("/compare/%s...%s".formatted(newer, older))
        .map(found -> found.filter(one -> one.path("total_commits").asInt(-1) == 0).isPresent());
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "GiteaUpstream[" + web + "]";
  }
}

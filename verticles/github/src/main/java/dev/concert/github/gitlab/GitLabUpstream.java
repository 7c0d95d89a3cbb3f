package dev.concert.github.gitlab;

import static dev.concert.github.api.ForgeCalls.encode;

import dev.concert.github.api.ForgeCalls;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitUpstream;
import io.vertx.core.Future;
import java.net.URI;

/**
 * Git at GitLab, with the token of the connection.
 *
 * @param token a secret
 * @param calls below the project
 */
record GitLabUpstream(URI web, String token, ForgeCalls calls) implements GitUpstream {
  @Override
  public Future<Login> login(RepositoryName repository, boolean isPush) {
    return Future.succeededFuture(new Login("oauth2", token));
  }

  /** There is no other token. */
  @Override
  public void refused() {}

  @Override
  public Future<Boolean> isAncestor(String older, String newer) {
    return calls
        .find(
            "/repository/merge_base?refs%%5B%%5D=%s&refs%%5B%%5D=%s"
                .formatted(encode(older), encode(newer)))
        .map(found -> found.filter(base -> base.path("id").asText().equals(older)).isPresent());
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "GitLabUpstream[" + web + "]";
  }
}

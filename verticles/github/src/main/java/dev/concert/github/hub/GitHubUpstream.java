package dev.concert.github.hub;

import dev.concert.github.api.AppIdentity;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.InstallationTokens.Purpose;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitUpstream;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** Git at GitHub: each request has a token for this repository, and for what it does. */
record GitHubUpstream(
    ForgeClient client,
    InstallationTokens tokens,
    AppIdentity app,
    long installation,
    RepositoryName name,
    URI web)
    implements GitUpstream {

  @Override
  public Future<Login> login(RepositoryName repository, boolean isPush) {
    return tokens
        .token(app, purpose(repository, isPush))
        .map(token -> new Login("x-access-token", token));
  }

  /** It was revoked; who tries again gets another one. */
  @Override
  public void refused() {
    tokens.forget(app.connectionId());
  }

  @Override
  public Future<Boolean> isAncestor(String older, String newer) {
    return client
        .get(
            tokens.installation(app, purpose(name, false)),
            name.path() + "/compare/%s...%s".formatted(older, newer))
        .map(answer -> Set.of("ahead", "identical").contains(answer.path("status").asText()))
        .recover(
            failure ->
                ForgeException.is(failure, 404)
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure));
  }

  private Purpose purpose(RepositoryName repository, boolean isPush) {
    return new Purpose(
        app.connectionId(),
        installation,
        repository,
        Map.of("contents", isPush ? "write" : "read"));
  }
}

package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens with which an App works where it is installed. Each is narrowed to a repository and to
 * what it is for, kept until five minutes before its end, and asked for once however many want it.
 * On one context.
 */
public final class InstallationTokens {
  private static final Duration MARGIN = Duration.ofMinutes(5);
  private static final int MANY = 1000;

  private final ForgeClient client;
  private final AppSigner signer;
  private final PauseClock clock;
  private final Map<Purpose, Future<Token>> tokens = new HashMap<>();

  private record Token(String text, Instant expires) {}

  /**
   * What a token is for.
   *
   * @param repository empty for all of the installation, which only a list of them needs
   * @param permissions such as {@code contents} to {@code write}
   */
  public record Purpose(
      String connectionId,
      long installation,
      Optional<RepositoryName> repository,
      Map<String, String> permissions) {
    public Purpose {
      permissions = Map.copyOf(permissions);
    }

    public Purpose(
        String connectionId,
        long installation,
        RepositoryName repository,
        Map<String, String> permissions) {
      this(connectionId, installation, Optional.of(repository), permissions);
    }
  }

  public InstallationTokens(ForgeClient client, AppSigner signer, PauseClock clock) {
    this.client = client;
    this.signer = signer;
    this.clock = clock;
  }

  /** Who calls in the name of an App itself. */
  public ApiCaller app(AppIdentity app) {
    return new ApiCaller(
        app.connectionId(), () -> signer.sign(app.appId(), app.privateKey()), () -> {});
  }

  /** Who calls in the name of an App where it is installed. */
  public ApiCaller installation(AppIdentity app, Purpose purpose) {
    return new ApiCaller(
        app.connectionId(), () -> token(app, purpose), () -> tokens.remove(purpose));
  }

  /** In which installation of an App a repository is. */
  public Future<Long> installationOf(AppIdentity app, RepositoryName repository) {
    return client
        .get(app(app), repository.path() + "/installation")
        .map(found -> found.path("id").asLong());
  }

  /**
   * What a repository is called now.
   *
   * @return empty where it is not there any more, or not in this installation
   */
  public Future<Optional<RepositoryName>> nameOf(
      AppIdentity app, long installation, long repositoryId) {
    Purpose purpose =
        new Purpose(app.connectionId(), installation, Optional.empty(), Map.of("metadata", "read"));
    return client
        .get(installation(app, purpose), "/repositories/" + repositoryId)
        .map(found -> RepositoryName.parse(found.path("full_name").asText()))
        .recover(
            failure ->
                ForgeException.is(failure, 404)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** A token that is good for five minutes at least. It is a secret. */
  public Future<String> token(AppIdentity app, Purpose purpose) {
    Future<Token> there = tokens.get(purpose);
    if (there != null && (!there.isComplete() || there.succeeded() && isGood(there.result()))) {
      return there.map(Token::text);
    }
    if (tokens.size() >= MANY) {
      tokens.values().removeIf(old -> old.isComplete() && (old.failed() || !isGood(old.result())));
    }
    Future<Token> fetched = fetch(app, purpose);
    tokens.put(purpose, fetched);
    return fetched.map(Token::text);
  }

  private boolean isGood(Token token) {
    return clock.now().plus(MARGIN).isBefore(token.expires());
  }

  private Future<Token> fetch(AppIdentity app, Purpose purpose) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    purpose.repository().ifPresent(one -> body.putArray("repositories").add(one.name()));
    ObjectNode permissions = body.putObject("permissions");
    purpose.permissions().forEach(permissions::put);
    // A scope of its own: a write that waits for its token must not wait for itself.
    ApiCaller caller = app(app);
    return client
        .write(
            new ApiCaller(caller.scope() + ":tokens", caller.token(), caller.refused()),
            HttpMethod.POST,
            "/app/installations/" + purpose.installation() + "/access_tokens",
            body)
        .map(InstallationTokens::read);
  }

  private static Token read(JsonNode made) {
    return new Token(made.path("token").asText(), Instant.parse(made.path("expires_at").asText()));
  }

  /** Forgets all tokens of a connection. */
  public void forget(String connectionId) {
    tokens.keySet().removeIf(purpose -> purpose.connectionId().equals(connectionId));
  }
}

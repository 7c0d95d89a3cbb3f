package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.api.InstallationTokens.Purpose;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Calls about one repository, each with a token that can do just that. */
record RepositoryCalls(
    ForgeClient client,
    InstallationTokens tokens,
    AppIdentity app,
    long installation,
    RepositoryName name) {

  private ForgeCalls with(Map<String, String> permissions) {
    return new ForgeCalls(client, caller(permissions), name.path());
  }

  private ApiCaller caller(Map<String, String> permissions) {
    return tokens.installation(
        app, new Purpose(app.connectionId(), installation, name, permissions));
  }

  /**
   * Reads.
   *
   * @param path below the repository
   */
  Future<JsonNode> get(Map<String, String> permissions, String path) {
    return with(permissions).get(path);
  }

  /** The same, where it may be that there is nothing. */
  Future<Optional<JsonNode>> find(Map<String, String> permissions, String path) {
    return with(permissions).find(path);
  }

  /** Changes something. */
  Future<JsonNode> write(
      Map<String, String> permissions, HttpMethod method, String path, JsonNode body) {
    return with(permissions).write(method, path, body);
  }

  /** The first one of a list that fits. */
  Future<Optional<JsonNode>> first(
      Map<String, String> permissions, String path, Predicate<JsonNode> wanted) {
    return with(permissions).first(path, wanted);
  }

  /** A list, of which a thousand at most are read. */
  Future<List<JsonNode>> all(Map<String, String> permissions, String path) {
    return with(permissions).all(path);
  }

  /** Whether somebody wrote it. Anybody can write a mark. */
  static boolean isBy(JsonNode comment, String login) {
    return comment.path("user").path("login").asText().equals(login);
  }
}

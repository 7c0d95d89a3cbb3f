package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.api.InstallationTokens.Purpose;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Calls about one repository, each with a token that can do just that. */
record RepositoryCalls(
    GitHubClient client,
    InstallationTokens tokens,
    AppIdentity app,
    long installation,
    RepositoryName name) {
  private static final int PAGE = 100;
  private static final int MAX_PAGES = 10;

  ApiCaller caller(Map<String, String> permissions) {
    return tokens.installation(
        app, new Purpose(app.connectionId(), installation, name, permissions));
  }

  /**
   * Reads.
   *
   * @param path below the repository
   */
  Future<JsonNode> get(Map<String, String> permissions, String path) {
    return client.get(caller(permissions), name.path() + path);
  }

  /** The same, where it may be that there is nothing. */
  Future<Optional<JsonNode>> find(Map<String, String> permissions, String path) {
    return get(permissions, path)
        .map(Optional::of)
        .recover(
            failure ->
                GitHubException.is(failure, 404)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Changes something. */
  Future<JsonNode> write(
      Map<String, String> permissions, HttpMethod method, String path, JsonNode body) {
    return client.write(caller(permissions), method, name.path() + path, body);
  }

  /** The first one of a list that fits. */
  Future<Optional<JsonNode>> first(
      Map<String, String> permissions, String path, Predicate<JsonNode> wanted) {
    return all(permissions, path).map(all -> all.stream().filter(wanted).findFirst());
  }

  /** A list, of which a thousand at most are read. */
  Future<List<JsonNode>> all(Map<String, String> permissions, String path) {
    return page(permissions, path, 1, new ArrayList<>());
  }

  private Future<List<JsonNode>> page(
      Map<String, String> permissions, String path, int number, List<JsonNode> all) {
    String separator = path.contains("?") ? "&" : "?";
    return get(permissions, "%s%sper_page=%d&page=%d".formatted(path, separator, PAGE, number))
        .compose(
            page -> {
              page.forEach(all::add);
              return page.size() < PAGE || number >= MAX_PAGES
                  ? Future.succeededFuture(all)
                  : page(permissions, path, number + 1, all);
            });
  }

  static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String encodePath(String path) {
    return encode(path).replace("%2F", "/");
  }

  /** Whether somebody wrote it. Anybody can write a mark. */
  static boolean isBy(JsonNode comment, String login) {
    return comment.path("user").path("login").asText().equals(login);
  }
}

package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Calls below one path of a forge's API, such as those about a repository.
 *
 * @param base the path, without a final slash
 */
public record ForgeCalls(ForgeClient client, ApiCaller caller, String base) {
  private static final int PAGE = 100;
  private static final int MAX_PAGES = 10;

  /** Reads. */
  public Future<JsonNode> get(String path) {
    return client.get(caller, base + path);
  }

  /** The same, where it may be that there is nothing. */
  public Future<Optional<JsonNode>> find(String path) {
    return get(path)
        .map(Optional::of)
        .recover(
            failure ->
                ForgeException.is(failure, 404)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Changes something. */
  public Future<JsonNode> write(HttpMethod method, String path, JsonNode body) {
    return client.write(caller, method, base + path, body);
  }

  /** The first one of a list that fits. */
  public Future<Optional<JsonNode>> first(String path, Predicate<JsonNode> wanted) {
    return all(path).map(all -> all.stream().filter(wanted).findFirst());
  }

  /** A list, of which a thousand at most are read. */
  public Future<List<JsonNode>> all(String path) {
    return page(path, 1, new ArrayList<>());
  }

  private Future<List<JsonNode>> page(String path, int number, List<JsonNode> all) {
    String separator = path.contains("?") ? "&" : "?";
    return get("%s%sper_page=%d&page=%d".formatted(path, separator, PAGE, number))
        .compose(
            page -> {
              page.forEach(all::add);
              return page.size() < PAGE || number >= MAX_PAGES
                  ? Future.succeededFuture(all)
                  : page(path, number + 1, all);
            });
  }

  /** An empty body. */
  public static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  /** A part of a path. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A path, of which the slashes stay. */
  public static String encodePath(String path) {
    return encode(path).replace("%2F", "/");
  }
}

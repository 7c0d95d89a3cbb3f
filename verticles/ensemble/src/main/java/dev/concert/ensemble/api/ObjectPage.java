package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** A page of a list of objects, as OpenAI and Anthropic have it. */
final class ObjectPage {
  private static final int USUAL_LIMIT = 20;
  private static final int MOST = 1_000;

  private ObjectPage() {}

  /** OpenAI's: {@code after}, {@code limit} and {@code order}. */
  static ObjectNode openAis(HttpServerRequest request, List<ObjectNode> newestFirst) {
    List<ObjectNode> all =
        "asc".equals(request.getParam("order")) ? newestFirst.reversed() : newestFirst;
    return page(request, all, request.getParam("after")).put("object", "list");
  }

  /** Anthropic's: {@code after_id} or {@code before_id}, and {@code limit}. */
  static ObjectNode anthropics(HttpServerRequest request, List<ObjectNode> newestFirst) {
    String before = request.getParam("before_id");
    return before == null
        ? page(request, newestFirst, request.getParam("after_id"))
        : before(request, newestFirst, before);
  }

  private static ObjectNode page(HttpServerRequest request, List<ObjectNode> all, String after) {
    int from = after == null ? 0 : place(all, after) + 1;
    int to = Math.min(all.size(), from + limit(request));
    return page(all.subList(from, to), to < all.size());
  }

  private static ObjectNode before(HttpServerRequest request, List<ObjectNode> all, String before) {
    int to = place(all, before);
    int from = Math.max(0, to - limit(request));
    return page(all.subList(from, to), from > 0);
  }

  private static ObjectNode page(List<ObjectNode> some, boolean more) {
    ObjectNode page = VendorJson.newObject();
    ArrayNode data = page.putArray("data");
    some.forEach(data::add);
    return page.put("has_more", more)
        .put("first_id", some.isEmpty() ? null : some.getFirst().path("id").asText())
        .put("last_id", some.isEmpty() ? null : some.getLast().path("id").asText());
  }

  /** An object that is not in the list, for example because it is another key's, ends it. */
  private static int place(List<ObjectNode> all, String id) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).path("id").asText().equals(id)) {
        return i;
      }
    }
    return all.size() - 1;
  }

  private static int limit(HttpServerRequest request) {
    Optional<String> asked = Optional.ofNullable(request.getParam("limit"));
    if (asked.isEmpty()) {
      return USUAL_LIMIT;
    }
    if (asked.get().matches("[1-9]\\d{0,4}")) {
      return Math.min(MOST, Integer.parseInt(asked.get()));
    }
    throw VendorJson.wrong("limit", "must be a whole number from 1 on");
  }
}

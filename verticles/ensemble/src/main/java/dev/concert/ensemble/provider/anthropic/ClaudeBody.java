package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The body of the Messages API as clouds take it: the URL names the model and whether the answer is
 * streamed, and the body the version of the API.
 */
public final class ClaudeBody {
  private static final String MARK = "cache_control";

  private ClaudeBody() {}

  /** A new body; {@code messages} stays as it is. */
  public static ObjectNode of(JsonNode messages, String version) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll((ObjectNode) messages);
    body.remove("model");
    body.remove("stream");
    body.remove("anthropic_beta");
    markLast(body);
    for (String name : new String[] {"system", "tools", "messages"}) {
      if (hasScope(body.path(name))) {
        JsonNode unscoped = body.path(name).deepCopy();
        removeScopes(unscoped);
        body.set(name, unscoped);
      }
    }
    return body.put("anthropic_version", version);
  }

  /**
   * The clouds know no mark for the whole request, which the vendor moves along with the end of the
   * conversation; so it is set there.
   */
  private static void markLast(ObjectNode body) {
    JsonNode mark = body.remove(MARK);
    JsonNode messages = body.path("messages");
    if (mark == null || messages.isEmpty()) {
      return;
    }
    ArrayNode marked = messages.deepCopy();
    if (marked.path(marked.size() - 1) instanceof ObjectNode last) {
      if (last.path("content").isTextual()) {
        String text = last.path("content").asText();
        last.putArray("content").addObject().put("type", "text").put("text", text);
      }
      JsonNode content = last.path("content");
      if (content.path(content.size() - 1) instanceof ObjectNode block && !block.has(MARK)) {
        block.set(MARK, mark);
      }
      body.set("messages", marked);
    }
  }

  /** Who shares a cache is a matter of the vendor's own service; the clouds refuse the field. */
  private static boolean hasScope(JsonNode node) {
    boolean found = node.path(MARK).has("scope");
    for (JsonNode child : node) {
      found |= child.isContainerNode() && hasScope(child);
    }
    return found;
  }

  private static void removeScopes(JsonNode node) {
    if (node.path(MARK) instanceof ObjectNode mark) {
      mark.remove("scope");
    }
    node.forEach(
        child -> {
          if (child.isContainerNode()) {
            removeScopes(child);
          }
        });
  }
}

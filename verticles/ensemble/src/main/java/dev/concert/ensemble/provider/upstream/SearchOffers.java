package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.message.UncarriedField;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Leaves out OpenAI's web search where an agent offers it beside its own tools, as Codex does in
 * every request, and the operator has not allowed it: the agent works without it. A request that
 * asks for nothing else, or demands it, is refused like one for any other tool at the vendor.
 *
 * @param allowed the operator's list of types of tools
 */
record SearchOffers(Set<String> allowed) {
  private static final Set<String> TYPES = Set.of("web_search", "web_search_preview");

  /** The offers in a client's body. */
  List<UncarriedField> in(JsonNode body) {
    List<UncarriedField> found = new ArrayList<>();
    find(body.path("tools"), "tools", found);
    for (int i = 0; i < body.path("input").size(); i++) {
      find(body.path("input").path(i).path("tools"), "input[" + i + "].tools", found);
    }
    return isDemanded(body) ? List.of() : found;
  }

  private void find(JsonNode tools, String field, List<UncarriedField> found) {
    for (int i = 0; i < tools.size(); i++) {
      if (isLeftOut(tools, tools.path(i))) {
        found.add(new UncarriedField(field + "[" + i + "]", false));
      }
    }
  }

  /** The body without the offers; the same one if it has none. */
  JsonNode without(JsonNode body) {
    if (in(body).isEmpty()) {
      return body;
    }
    ObjectNode less = JsonNodeFactory.instance.objectNode();
    less.setAll((ObjectNode) body);
    if (body.path("tools").isArray()) {
      less.set("tools", kept(body.path("tools")));
    }
    if (body.path("input").isArray()) {
      ArrayNode items = less.putArray("input");
      body.path("input").forEach(item -> items.add(keptItem(item)));
    }
    return less;
  }

  private JsonNode keptItem(JsonNode item) {
    return item.has("tools")
        ? ((ObjectNode) item.deepCopy()).set("tools", kept(item.path("tools")))
        : item;
  }

  private ArrayNode kept(JsonNode tools) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    tools.forEach(
        tool -> {
          if (!isLeftOut(tools, tool)) {
            kept.add(tool);
          }
        });
    return kept;
  }

  /** The same for a request of a client of another API. */
  InferenceRequest without(InferenceRequest request) {
    if (request.client() == null || in(request.client().body()).isEmpty()) {
      return request;
    }
    List<ToolDefinition> kept =
        request.offeredTools().stream()
            .filter(tool -> !tool.runsAtProvider() || !isUnwanted(tool.serverTool()))
            .toList();
    return request.withTools(kept.isEmpty() ? null : kept);
  }

  private boolean isLeftOut(JsonNode tools, JsonNode tool) {
    if (!isUnwanted(tool)) {
      return false;
    }
    for (JsonNode other : tools) {
      if (!TYPES.contains(other.path("type").asText())) {
        return true;
      }
    }
    return false;
  }

  private boolean isUnwanted(JsonNode tool) {
    String type = tool.path("type").asText();
    return TYPES.contains(type) && !allowed.contains(type);
  }

  private static boolean isDemanded(JsonNode body) {
    return TYPES.contains(body.path("tool_choice").path("type").asText());
  }
}

package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The custom tools of a client of Chat Completions. In native requests they are functions; this API
 * has custom tools, too, and can make the model follow their grammar.
 *
 * @param byName each tool's {@code custom} object
 */
record CustomTools(Map<String, JsonNode> byName) {
  private static final Pattern FORMAT = Pattern.compile("tools\\[\\d+]\\.custom\\.format");

  static CustomTools of(InferenceRequest request) {
    Map<String, JsonNode> tools = new HashMap<>();
    request
        .clientOn(Wire.CHAT)
        .ifPresent(
            chat ->
                chat.body()
                    .path("tools")
                    .forEach(
                        tool -> {
                          if (tool.path("custom").isObject()) {
                            tools.put(tool.at("/custom/name").asText(), tool.path("custom"));
                          }
                        }));
    return new CustomTools(tools);
  }

  /** Whether a field of a client of Chat Completions is the format of such a tool. */
  static boolean isFormat(String field) {
    return FORMAT.matcher(field).matches();
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The tool in the words of this API, in which the grammar is not an object of its own. */
  ObjectNode tool(String name) {
    JsonNode custom = byName.get(name);
    ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", "custom").put("name", name);
    if (custom.hasNonNull("description")) {
      tool.set("description", custom.path("description"));
    }
    if (custom.path("format") instanceof ObjectNode theirs) {
      ObjectNode format = tool.putObject("format");
      format.setAll(theirs);
      if (format.remove("grammar") instanceof ObjectNode grammar) {
        format.setAll(grammar);
      }
    }
    return tool;
  }
}

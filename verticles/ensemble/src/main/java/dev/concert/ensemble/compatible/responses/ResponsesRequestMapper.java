package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.FieldNames.Name;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.List;
import java.util.Set;

/** Converts a request of the Responses API to the JSON of {@code /api/v1}. */
final class ResponsesRequestMapper {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "max_output_tokens",
          "temperature",
          "top_p",
          "parallel_tool_calls",
          "prompt_cache_key",
          "reasoning",
          "text",
          "tools",
          "tool_choice",
          "instructions",
          "input",
          "stream",
          "store",
          "include");

  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private static final List<Name> NAMES =
      List.of(
          new Name("max_tokens", "max_output_tokens"),
          new Name("thinking.effort", "reasoning.effort"),
          new Name("response_format", "text.format"),
          new Name("cache_key", "prompt_cache_key"),
          new Name("messages", "input"),
          new Name(".tool_call.raw_arguments", ".arguments"),
          new Name(".tool_call.id", ".call_id"),
          new Name(".tool_call", ""),
          new Name(".tool_call_id", ".call_id"),
          new Name(".content_blocks", ".content"),
          new Name(".server_tool", ""));

  private final DeclaredTools tools;
  private final UncarriedFields uncarried;

  ResponsesRequestMapper(DeclaredTools tools, UncarriedFields uncarried) {
    this.tools = tools;
    this.uncarried = uncarried;
  }

  static FieldNames names(ObjectNode body) {
    return new FieldNames(
        () -> {
          UncarriedFields noted = new UncarriedFields();
          return new ResponsesRequestMapper(new DeclaredTools(noted), noted).toOurs(body);
        },
        NAMES);
  }

  static void refuseWhatIsNotServed(ObjectNode body) {
    for (String stored : new String[] {"previous_response_id", "conversation", "prompt"}) {
      if (VendorJson.has(body, stored)) {
        throw VendorJson.wrong(
            stored,
            "is not supported, because responses are not stored: send the whole conversation");
      }
    }
    if (body.path("background").asBoolean()) {
      throw VendorJson.wrong("background", "is not served");
    }
    if (body.path("top_logprobs").asInt() > 0) {
      throw VendorJson.wrong("top_logprobs", "is not served");
    }
  }

  ObjectNode toOurs(ObjectNode body) {
    ObjectNode ours = VendorJson.newObject();
    VendorJson.copy(body, "model", ours);
    VendorJson.copy(body, "max_output_tokens", ours, "max_tokens");
    VendorJson.copy(body, "temperature", ours);
    VendorJson.copy(body, "top_p", ours);
    VendorJson.copy(body, "parallel_tool_calls", ours);
    VendorJson.copy(body, "prompt_cache_key", ours, "cache_key");
    uncarried.unknownIn(body, "", KNOWN);
    JsonNode effort = body.path("reasoning").path("effort");
    if (EFFORTS.contains(effort.asText())) {
      ours.putObject("thinking").set("effort", effort);
    } else if (VendorJson.has(body.path("reasoning"), "effort")) {
      uncarried.harmless("reasoning.effort");
    }
    uncarried.unknownIn(body.path("reasoning"), "reasoning", Set.of("effort", "summary"));
    uncarried.unknownIn(body.path("text"), "text", Set.of("format"));
    format(body.path("text").path("format"), ours);
    tools.addAll(body.path("tools"), "tools");
    if (Compaction.isAsked(body)) {
      ours.putObject("tool_choice").put("type", "none");
    } else {
      choice(body.path("tool_choice"), ours);
    }
    ours.set("messages", messages(body));
    if (!tools.functions().isEmpty()) {
      ours.set("tools", tools.functions());
    }
    return ours;
  }

  private ArrayNode messages(ObjectNode body) {
    JsonNode input = body.path("input");
    InputItemMapper conversation = new InputItemMapper(input, tools, uncarried);
    if (body.path("instructions").isTextual() && !body.path("instructions").asText().isEmpty()) {
      conversation.system(body.path("instructions"));
    }
    if (input.isTextual()) {
      conversation.user(input);
    } else if (input.isArray() && !input.isEmpty()) {
      input.forEach(conversation::add);
    } else {
      throw VendorJson.wrong("input", "must be a string or an array with at least one item");
    }
    if (conversation.written().isEmpty()) {
      // Only items that are for the vendor, such as tools.
      conversation.user(TextNode.valueOf(""));
    }
    return conversation.written();
  }

  private static void format(JsonNode format, ObjectNode ours) {
    if (format.isObject()) {
      ObjectNode node = ours.putObject("response_format");
      for (String same : new String[] {"type", "name", "schema", "strict"}) {
        VendorJson.copy(format, same, node);
      }
    }
  }

  private void choice(JsonNode choice, ObjectNode ours) {
    if (choice.isTextual()) {
      String word = choice.asText();
      ours.putObject("tool_choice").put("type", word.equals("required") ? "any" : word);
      return;
    }
    String type = choice.path("type").asText();
    if (type.equals("function") || type.equals("custom")) {
      String name =
          DeclaredTools.function(choice.path("namespace").asText(), choice.path("name").asText());
      ours.putObject("tool_choice").put("type", "tool").put("name", name);
    } else if (choice.isObject()) {
      uncarried.essential("tool_choice");
    }
  }
}

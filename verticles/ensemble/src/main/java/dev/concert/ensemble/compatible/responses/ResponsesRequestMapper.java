package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.FieldNames.Name;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ThinkingOptions;
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
          "include",
          "prompt",
          "top_logprobs");

  private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");
  private static final Set<String> CHOICES = Set.of("auto", "none", "required");

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
          // A source is at the place of its URL or bytes.
          new Name(".url", ""),
          new Name(".data", ""),
          new Name(".media_type", ""),
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
    if (VendorJson.has(body, "previous_response_id")) {
      throw VendorJson.wrong("previous_response_id", "is not stored: send the whole conversation");
    }
    if (VendorJson.has(body, "conversation")) {
      throw VendorJson.wrong(
          "conversation",
          "is not served: use previous_response_id, or send the whole conversation");
    }
    if (body.path("background").asBoolean()) {
      throw VendorJson.wrong("background", "is not served");
    }
  }

  /** What only OpenAI's models understand. */
  private void noteWhatIsOpenAis(ObjectNode body) {
    if (VendorJson.has(body, "prompt")) {
      uncarried.essential("prompt");
    }
    if (body.path("top_logprobs").asInt() > 0) {
      uncarried.essential("top_logprobs");
    }
    JsonNode included = VendorJson.arrayIn(body, "include", "");
    for (int i = 0; i < included.size(); i++) {
      if (!included.path(i).asText().equals("reasoning.encrypted_content")) {
        uncarried.harmless("include[" + i + "]");
      }
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
    noteWhatIsOpenAis(body);
    JsonNode reasoning = VendorJson.objectIn(body, "reasoning", "");
    JsonNode effort = reasoning.path("effort");
    if (ThinkingOptions.Effort.isKnown(effort.asText())) {
      ours.putObject("thinking").set("effort", effort);
    } else if (VendorJson.has(reasoning, "effort")) {
      uncarried.harmless("reasoning.effort");
    }
    uncarried.unknownIn(reasoning, "reasoning", Set.of("effort", "summary"));
    JsonNode text = VendorJson.objectIn(body, "text", "");
    uncarried.unknownIn(text, "text", Set.of("format"));
    format(VendorJson.objectIn(text, "format", "text."), ours);
    tools.addAll(VendorJson.arrayIn(body, "tools", ""), "tools");
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
    JsonNode instructions = body.path("instructions");
    if (VendorJson.has(body, "instructions") && !instructions.isTextual()) {
      throw VendorJson.wrong("instructions", "must be a string");
    }
    if (!instructions.asText("").isEmpty()) {
      conversation.system(instructions);
    }
    if (input.isTextual()) {
      conversation.user(input);
    } else if (input.isArray() && !input.isEmpty()) {
      input.forEach(conversation::add);
    } else if (!asksByStoredPrompt(body)) {
      throw VendorJson.wrong("input", "must be a string or an array with at least one item");
    }
    if (conversation.written().isEmpty()) {
      // Only items that are for the vendor, such as tools.
      conversation.user(TextNode.valueOf(""));
    }
    return conversation.written();
  }

  /** A prompt that the vendor keeps needs no input of its own. */
  private static boolean asksByStoredPrompt(ObjectNode body) {
    JsonNode input = body.path("input");
    return VendorJson.has(body, "prompt")
        && (!VendorJson.has(body, "input") || (input.isArray() && input.isEmpty()));
  }

  private void format(JsonNode format, ObjectNode ours) {
    if (format.isObject() && !FORMATS.contains(format.path("type").asText())) {
      uncarried.essential("text.format.type");
    } else if (format.isObject()) {
      ObjectNode node = ours.putObject("response_format");
      for (String same : new String[] {"type", "name", "schema", "strict"}) {
        VendorJson.copy(format, same, node);
      }
    }
  }

  private void choice(JsonNode choice, ObjectNode ours) {
    if (choice.isTextual() && !CHOICES.contains(choice.asText())) {
      uncarried.essential("tool_choice");
      return;
    }
    if (choice.isTextual()) {
      String word = choice.asText();
      ours.putObject("tool_choice").put("type", word.equals("required") ? "any" : word);
      return;
    }
    String type = choice.path("type").asText("");
    if (type.equals("function") || type.equals("custom")) {
      String name =
          DeclaredTools.function(choice.path("namespace").asText(), choice.path("name").asText());
      ours.putObject("tool_choice").put("type", "tool").put("name", name);
    } else if (choice.isObject()) {
      uncarried.essential("tool_choice");
    } else if (!choice.isMissingNode() && !choice.isNull()) {
      throw VendorJson.wrong("tool_choice", "must be a string or an object");
    }
  }
}

package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.FieldNames.Name;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.AnswerForm;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Converts a request of Chat Completions to the JSON of {@code /api/v1}. */
final class ChatRequestMapper {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "parallel_tool_calls",
          "prompt_cache_key",
          "stop",
          "reasoning_effort",
          "response_format",
          "tools",
          "tool_choice",
          "functions",
          "function_call",
          "modalities",
          "audio",
          "stream",
          "stream_options",
          "n",
          "logprobs",
          "top_logprobs",
          "store");

  /** The vendor's own limit. */
  private static final int MOST_CHOICES = 128;

  private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

  private static final List<Name> NAMES =
      List.of(
          new Name("thinking.effort", "reasoning_effort"),
          new Name("thinking", "reasoning_effort"),
          new Name("stop_sequences", "stop"),
          new Name("response_format.schema", "response_format.json_schema.schema"),
          new Name("response_format.name", "response_format.json_schema.name"),
          new Name("response_format.strict", "response_format.json_schema.strict"),
          new Name("tool_choice.name", "tool_choice.function.name"),
          new Name("cache_key", "prompt_cache_key"),
          new Name(".tool_call.raw_arguments", ".function.arguments"),
          new Name(".tool_call.name", ".function.name"),
          new Name(".tool_call.id", ".id"),
          new Name(".tool_call", ".function"),
          // A source is at the place of its URL or bytes.
          new Name(".url", ""),
          new Name(".data", ""),
          new Name(".media_type", ""),
          new Name(".content_blocks", ".reasoning_details"));

  private ChatRequestMapper() {}

  static FieldNames names(ObjectNode body, UncarriedFields uncarried) {
    List<Name> names = new ArrayList<>(NAMES);
    if (VendorJson.has(body, "max_completion_tokens")) {
      names.add(new Name("max_tokens", "max_completion_tokens"));
    }
    return new FieldNames(() -> toOurs(body, uncarried), names);
  }

  static ObjectNode toOurs(ObjectNode body, UncarriedFields uncarried) {
    ObjectNode ours = VendorJson.newObject();
    uncarried.unknownIn(body, "", KNOWN);
    form(body, uncarried);
    if (body.path("store").asBoolean()) {
      // Nothing is stored at the vendor, and this API has no path to read it again here.
      uncarried.harmless("store");
    }
    if (body.path("logprobs").asBoolean() || body.path("top_logprobs").asInt() > 0) {
      uncarried.essential("logprobs");
    }
    VendorJson.copy(body, "model", ours);
    VendorJson.copy(body, "max_tokens", ours);
    VendorJson.copy(body, "max_completion_tokens", ours, "max_tokens");
    VendorJson.copy(body, "temperature", ours);
    VendorJson.copy(body, "top_p", ours);
    VendorJson.copy(body, "parallel_tool_calls", ours);
    VendorJson.copy(body, "prompt_cache_key", ours, "cache_key");
    stop(body, ours);
    effort(body.path("reasoning_effort"), ours, uncarried);
    format(VendorJson.objectIn(body, "response_format", ""), ours, uncarried);
    new ChatToolMapper(ours, uncarried).add(body);
    if (!body.path("messages").isArray()) {
      throw VendorJson.wrong("messages", "must be an array with at least one message");
    }
    ChatMessageMapper conversation = new ChatMessageMapper(uncarried);
    body.path("messages").forEach(conversation::add);
    ours.set("messages", conversation.written());
    return ours;
  }

  private static void effort(JsonNode effort, ObjectNode ours, UncarriedFields uncarried) {
    if (effort.isTextual() && !ThinkingOptions.Effort.isKnown(effort.asText())) {
      uncarried.harmless("reasoning_effort");
    } else if (!effort.isMissingNode() && !effort.isNull()) {
      ours.putObject("thinking").set("effort", effort);
    }
  }

  private static void stop(ObjectNode body, ObjectNode ours) {
    JsonNode stop = body.path("stop");
    if (stop.isTextual()) {
      ours.putArray("stop_sequences").add(stop);
    } else if (stop.isArray()) {
      ours.set("stop_sequences", stop);
    } else if (VendorJson.has(body, "stop")) {
      throw VendorJson.wrong("stop", "must be a string or an array of strings");
    }
  }

  private static void format(JsonNode format, ObjectNode ours, UncarriedFields uncarried) {
    if (format.isMissingNode()) {
      return;
    }
    if (!FORMATS.contains(format.path("type").asText())) {
      // Such as a grammar or a pattern: a server with this API may know it.
      uncarried.essential("response_format.type");
      return;
    }
    ObjectNode node = ours.putObject("response_format");
    VendorJson.copy(format, "type", node);
    JsonNode schema = format.path("json_schema");
    VendorJson.copy(schema, "name", node);
    VendorJson.copy(schema, "schema", node);
    VendorJson.copy(schema, "strict", node);
  }

  /** What only a server with this API can give. */
  private static void form(ObjectNode body, UncarriedFields uncarried) {
    VendorJson.checkCount(body.path("n"), MOST_CHOICES, "n");
    AnswerForm.of(Wire.CHAT, body).field().ifPresent(uncarried::essential);
  }
}

package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.FieldNames.Name;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Converts a request of {@code generateContent} to the JSON of {@code /api/v1}.
 *
 * <p>Format: https://ai.google.dev/api/generate-content
 */
final class GeminiRequestMapper {
  private static final String CONFIG = "generationConfig.";

  /** The vendor's own limit. */
  private static final int MOST_CANDIDATES = 8;

  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "contents",
          "systemInstruction",
          "tools",
          "toolConfig",
          "generationConfig",
          "cachedContent");

  private static final Set<String> KNOWN_OPTIONS =
      Set.of(
          "temperature",
          "topP",
          "topK",
          "maxOutputTokens",
          "stopSequences",
          "candidateCount",
          "responseMimeType",
          "responseSchema",
          "responseJsonSchema",
          "responseModalities",
          "thinkingConfig");

  private static final Set<String> KNOWN_THINKING =
      Set.of("thinkingBudget", "thinkingLevel", "includeThoughts");

  private static final List<Name> NAMES =
      List.of(
          new Name("max_tokens", CONFIG + "maxOutputTokens"),
          new Name("temperature", CONFIG + "temperature"),
          new Name("top_p", CONFIG + "topP"),
          new Name("top_k", CONFIG + "topK"),
          new Name("stop_sequences", CONFIG + "stopSequences"),
          new Name("response_format", CONFIG + "responseMimeType"),
          new Name("response_format.schema", CONFIG + "responseSchema"),
          new Name("thinking", CONFIG + "thinkingConfig"),
          new Name("tool_choice", "toolConfig.functionCallingConfig"),
          new Name("messages", "contents"),
          new Name(".content_blocks", ".parts"),
          new Name(".server_tool", ""),
          // A source is at the place of its URL or bytes.
          new Name(".source.url", ".fileData.fileUri"),
          new Name(".source.data", ".inlineData.data"),
          new Name(".source.media_type", ".inlineData.mimeType"));

  private GeminiRequestMapper() {}

  static FieldNames names(String model, ObjectNode body, UncarriedFields uncarried) {
    return new FieldNames(() -> toOurs(model, body, uncarried), NAMES);
  }

  /**
   * @param uncarried receives what only Google's own models understand
   */
  static ObjectNode toOurs(String model, ObjectNode body, UncarriedFields uncarried) {
    name(body, "", KNOWN, uncarried);
    ObjectNode ours = VendorJson.newObject().put("model", model);
    GeminiFields.object(body, "generationConfig", "")
        .ifPresent(config -> options(config, ours, uncarried));
    if (!GeminiFields.get(body, "cachedContent").isMissingNode()) {
      uncarried.essential("cachedContent");
    }
    GeminiToolMapper.convert(body, ours, uncarried);
    GeminiContentMapper conversation = new GeminiContentMapper(uncarried);
    conversation.system(GeminiFields.get(body, "systemInstruction"));
    JsonNode contents = GeminiFields.get(body, "contents");
    if (!contents.isArray() || contents.isEmpty()) {
      throw VendorJson.wrong("contents", "must be an array with at least one content");
    }
    contents.forEach(conversation::add);
    ours.set("messages", conversation.written());
    return ours;
  }

  static void name(JsonNode object, String path, Set<String> known, UncarriedFields uncarried) {
    for (var field : object.properties()) {
      if (!known.contains(GeminiFields.camel(field.getKey())) && !field.getValue().isNull()) {
        uncarried.harmless(path + field.getKey());
      }
    }
  }

  private static void options(ObjectNode config, ObjectNode ours, UncarriedFields uncarried) {
    name(config, CONFIG, KNOWN_OPTIONS, uncarried);
    for (JsonNode modality : GeminiFields.array(config, "responseModalities", CONFIG)) {
      if (!modality.asText().equals("TEXT")) {
        uncarried.essential(CONFIG + "responseModalities");
      }
    }
    number(config, "temperature", ours, "temperature");
    number(config, "topP", ours, "top_p");
    whole(config, "topK", ours, "top_k");
    whole(config, "maxOutputTokens", ours, "max_tokens");
    JsonNode stops = GeminiFields.array(config, "stopSequences", CONFIG);
    if (!stops.isEmpty()) {
      ours.set("stop_sequences", stops);
    }
    candidates(GeminiFields.get(config, "candidateCount"), uncarried);
    format(config, ours, uncarried);
    GeminiFields.object(config, "thinkingConfig", CONFIG)
        .ifPresent(thinking -> thinking(thinking, ours, uncarried));
  }

  /** Only Google's own models write several answers. */
  private static void candidates(JsonNode count, UncarriedFields uncarried) {
    VendorJson.checkCount(count, MOST_CANDIDATES, CONFIG + "candidateCount");
    if (count.asInt(1) > 1) {
      uncarried.essential(CONFIG + "candidateCount");
    }
  }

  private static void number(ObjectNode config, String name, ObjectNode ours, String ourName) {
    JsonNode value = GeminiFields.get(config, name);
    if (!value.isMissingNode()) {
      if (!value.isNumber()) {
        throw VendorJson.wrong(CONFIG + name, "must be a number");
      }
      ours.set(ourName, value);
    }
  }

  /** Some clients write whole numbers as 40.0. */
  private static void whole(ObjectNode config, String name, ObjectNode ours, String ourName) {
    JsonNode value = GeminiFields.get(config, name);
    if (!value.isMissingNode()) {
      if (!value.isNumber() || !value.canConvertToExactIntegral() || value.asLong() < 1) {
        throw VendorJson.wrong(CONFIG + name, "must be a whole number of at least 1");
      }
      ours.put(ourName, (int) Math.min(value.asLong(), Integer.MAX_VALUE));
    }
  }

  private static void format(ObjectNode config, ObjectNode ours, UncarriedFields uncarried) {
    JsonNode jsonSchema = GeminiFields.get(config, "responseJsonSchema");
    JsonNode schema = GeminiFields.get(config, "responseSchema");
    String type = GeminiFields.text(config, "responseMimeType");
    switch (type) {
      case "", "text/plain" -> {
        // Text is what is written anyway, unless there is a schema.
        if (!jsonSchema.isMissingNode() || !schema.isMissingNode()) {
          uncarried.essential(
              CONFIG + (jsonSchema.isMissingNode() ? "responseSchema" : "responseJsonSchema"));
        }
      }
      case "application/json" -> {
        ObjectNode format = ours.putObject("response_format");
        if (!jsonSchema.isMissingNode()) {
          format.put("type", "json_schema").set("schema", jsonSchema);
        } else if (!schema.isMissingNode()) {
          format
              .put("type", "json_schema")
              .set("schema", GeminiSchema.toJsonSchema(schema, CONFIG + "responseSchema"));
        } else {
          format.put("type", "json_object");
        }
      }
      default -> uncarried.essential(CONFIG + "responseMimeType");
    }
  }

  /** A budget of -1 leaves the choice to the model. */
  private static void thinking(ObjectNode config, ObjectNode ours, UncarriedFields uncarried) {
    name(config, CONFIG + "thinkingConfig.", KNOWN_THINKING, uncarried);
    JsonNode budget = GeminiFields.get(config, "thinkingBudget");
    String level = GeminiFields.text(config, "thinkingLevel").toLowerCase(Locale.ROOT);
    ObjectNode thinking = VendorJson.newObject();
    if (budget.isNumber() && budget.asInt() >= 0) {
      thinking.put("budget_tokens", budget.asInt());
    } else if (!level.isEmpty() && !level.equals("thinking_level_unspecified")) {
      if (level.matches("minimal|low|medium|high")) {
        thinking.put("effort", level);
      } else {
        uncarried.harmless(CONFIG + "thinkingConfig.thinkingLevel");
      }
    } else if (budget.isNumber() || GeminiFields.get(config, "includeThoughts").asBoolean()) {
      thinking.put("effort", "medium");
    }
    if (!thinking.isEmpty()) {
      ours.set("thinking", thinking);
    }
  }

  /** Whether the client wants to see thoughts. */
  static boolean showsThoughts(ObjectNode body) {
    JsonNode config = GeminiFields.get(body, "generationConfig");
    JsonNode thinking = GeminiFields.get(config, "thinkingConfig");
    return GeminiFields.get(thinking, "includeThoughts").asBoolean();
  }
}

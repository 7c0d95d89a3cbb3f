package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.message.InferenceResponse;
import java.util.List;
import java.util.Set;

/**
 * Writes the objects of a response.
 *
 * <p>It has no fields of our own: Python's SDK refuses fields that it does not know.
 */
record GeminiResponse(String id, String model, boolean thoughts) {
  /** The vendor's reasons for not answering, which pass through. */
  private static final Set<String> REFUSALS =
      Set.of(
          "SAFETY",
          "RECITATION",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION",
          "MODEL_ARMOR");

  ObjectNode whole(InferenceResponse response) {
    PartWriter parts = new PartWriter(thoughts);
    ArrayNode written = VendorJson.newObject().arrayNode();
    response.blocks().forEach(block -> parts.add(block).ifPresent(written::add));
    parts.rest().ifPresent(written::add);
    return last(response, written);
  }

  /** A piece of a stream with one part. */
  ObjectNode chunk(ObjectNode part) {
    ObjectNode chunk = VendorJson.newObject();
    candidate(chunk, chunk.arrayNode().add(part));
    return named(chunk);
  }

  /** A piece of a stream with candidates of the vendor. */
  ObjectNode chunk(List<JsonNode> candidates) {
    ObjectNode chunk = VendorJson.newObject();
    chunk.putArray("candidates").addAll(candidates);
    return named(chunk);
  }

  /** The last piece of a stream, or a whole response. */
  ObjectNode last(InferenceResponse response, ArrayNode parts) {
    ObjectNode body = VendorJson.newObject();
    candidate(body, parts).put("finishReason", word(response));
    body.set("usageMetadata", usage(response));
    return named(body);
  }

  private static ObjectNode candidate(ObjectNode body, ArrayNode parts) {
    ObjectNode candidate = body.putArray("candidates").addObject();
    candidate.putObject("content").put("role", "model").set("parts", parts);
    return candidate.put("index", 0);
  }

  private ObjectNode named(ObjectNode body) {
    return body.put("modelVersion", model).put("responseId", id);
  }

  private static ObjectNode usage(InferenceResponse response) {
    long prompt = response.inputTokens() + response.cachedTokens() + response.cacheWriteTokens();
    ObjectNode usage =
        VendorJson.newObject()
            .put("promptTokenCount", prompt)
            .put("candidatesTokenCount", response.outputTokens() - response.reasoningTokens())
            .put("totalTokenCount", prompt + response.outputTokens());
    if (response.cachedTokens() > 0) {
      usage.put("cachedContentTokenCount", response.cachedTokens());
    }
    if (response.reasoningTokens() > 0) {
      usage.put("thoughtsTokenCount", response.reasoningTokens());
    }
    return usage;
  }

  private static String word(InferenceResponse response) {
    String theirs = response.providerFinishReason();
    return switch (response.finishReason()) {
      case FinishReason.END_TURN,
          FinishReason.TOOL_USE,
          FinishReason.STOP_SEQUENCE,
          FinishReason.PAUSE_TURN ->
          "STOP";
      case FinishReason.MAX_TOKENS, FinishReason.CONTEXT_WINDOW_FULL -> "MAX_TOKENS";
      case FinishReason.REFUSAL -> theirs != null && REFUSALS.contains(theirs) ? theirs : "SAFETY";
    };
  }
}

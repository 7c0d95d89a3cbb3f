package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Optional;

/**
 * A picture that a model drew, in the field {@code images} of a message, where clients of
 * OpenRouter look for it: openrouter.ai/docs/features/multimodal/image-generation.
 */
final class GeneratedImage {
  private static final String FIELD = "images";

  /** Gemini sends pictures as parts of its answer. */
  private static final String ORIGIN = "gemini";

  private GeneratedImage() {}

  /** Adds the picture to a message or delta, if the block is one. */
  static void write(ObjectNode message, OpaqueBlock block) {
    url(block)
        .ifPresent(
            url ->
                message
                    .withArray(FIELD)
                    .addObject()
                    .put("type", "image_url")
                    .putObject("image_url")
                    .put("url", url));
  }

  static boolean is(OpaqueBlock block) {
    return url(block).isPresent();
  }

  private static Optional<String> url(OpaqueBlock block) {
    return block
        .opaque()
        .from(ORIGIN)
        .map(part -> part.path("inlineData"))
        .filter(data -> data.path("mimeType").asText().startsWith("image/"))
        .filter(data -> VendorJson.has(data, "data"))
        .map(GeneratedImage::dataUrl);
  }

  private static String dataUrl(JsonNode data) {
    return "data:" + data.path("mimeType").asText() + ";base64," + data.path("data").asText();
  }
}

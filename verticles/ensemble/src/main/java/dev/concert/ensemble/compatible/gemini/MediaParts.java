package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Optional;

/** Converts parts with files to native blocks, by their media type. */
final class MediaParts {
  private MediaParts() {}

  /** The block; empty for a part without a file. */
  static Optional<ObjectNode> block(JsonNode part) {
    JsonNode bytes = GeminiFields.get(part, "inlineData");
    JsonNode file = GeminiFields.get(part, "fileData");
    ObjectNode source = VendorJson.newObject();
    if (bytes.isObject()) {
      String type = GeminiFields.text(bytes, "mimeType");
      source.put("type", "base64").put("media_type", type);
      VendorJson.copy(bytes, "data", source);
      return Optional.of(block(type, source, GeminiFields.text(bytes, "displayName")));
    }
    if (file.isObject()) {
      String type = GeminiFields.text(file, "mimeType");
      source.put("type", "url");
      if (!type.isEmpty()) {
        source.put("media_type", type);
      }
      source.put("url", GeminiFields.text(file, "fileUri"));
      return Optional.of(block(type, source, GeminiFields.text(file, "displayName")));
    }
    return Optional.empty();
  }

  /** Whether it is a file in a store of Google's, such as {@code gs://bucket/name}. */
  static boolean isAtGoogle(JsonNode part) {
    String address = GeminiFields.text(GeminiFields.get(part, "fileData"), "fileUri");
    return address.startsWith("gs:") || address.startsWith("files/");
  }

  /** Whether only Google's own models can watch it. */
  static boolean isVideo(ObjectNode block) {
    return block.path("source").path("media_type").asText().startsWith("video/");
  }

  private static ObjectNode block(String mediaType, ObjectNode source, String name) {
    String kind = mediaType.substring(0, Math.max(0, mediaType.indexOf('/')));
    ObjectNode block = VendorJson.newObject();
    switch (kind) {
      case "image", "audio" -> block.put("type", kind).set("source", source);
      default -> {
        block.put("type", "document").set("source", source);
        if (!name.isEmpty()) {
          block.put("title", name);
        }
      }
    }
    return block;
  }
}

package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Optional;

/** Converts the content of users and tools: text and files. */
final class InputPartMapper {
  private final UncarriedFields uncarried;

  InputPartMapper(UncarriedFields uncarried) {
    this.uncarried = uncarried;
  }

  /** Writes a content, a string or an array of parts, into a native message. */
  void content(JsonNode content, ObjectNode message, String field) {
    if (content.isTextual()) {
      message.set("content", content);
      return;
    }
    if (!content.isArray()) {
      throw VendorJson.wrong(field, "must be a string or an array of parts");
    }
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < content.size(); i++) {
      block(content.path(i), field + "[" + i + "]").ifPresent(blocks::add);
    }
    if (blocks.isEmpty()) {
      message.put("content", "");
    } else {
      message.set("content_blocks", blocks);
    }
  }

  private Optional<ObjectNode> block(JsonNode part, String field) {
    if (VendorJson.has(part, "file_id")) {
      // A file that the vendor has, and Ensemble has not.
      uncarried.essential(field + ".file_id");
      return Optional.empty();
    }
    ObjectNode block = VendorJson.newObject().put(FieldNames.FROM, field);
    switch (part.path("type").asText()) {
      case "input_text", "output_text", "text" ->
          VendorJson.copy(part, "text", block.put("type", "text"));
      case "input_image" -> {
        if (!part.path("detail").asText("auto").equals("auto")) {
          uncarried.harmless(field + ".detail");
        }
        block
            .put("type", "image")
            .set("source", source(part.path("image_url").asText(), field + ".image_url"));
      }
      case "input_file" -> {
        String name = VendorJson.has(part, "file_url") ? "file_url" : "file_data";
        block
            .put("type", "document")
            .set("source", source(part.path(name).asText(), field + "." + name));
        VendorJson.copy(part, "filename", block, "title");
      }
      case "input_audio" -> {
        JsonNode audio = part.path("input_audio");
        block
            .put("type", "audio")
            .set("source", VendorJson.audioSource(audio, field + ".input_audio"));
      }
      case "" -> throw VendorJson.wrong(field + ".type", "is required");
      default -> {
        uncarried.essential(field);
        return Optional.empty();
      }
    }
    return Optional.of(block);
  }

  private static ObjectNode source(String url, String field) {
    return VendorJson.source(url, field).put(FieldNames.FROM, field);
  }
}

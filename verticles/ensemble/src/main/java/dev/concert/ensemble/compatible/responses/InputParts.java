package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;

/** What users and tools say, in text and files. */
final class InputParts {
  private InputParts() {}

  /** Writes a content, a string or a list of parts, into one of our messages. */
  static void content(JsonNode content, ObjectNode message, String field) {
    if (content.isTextual()) {
      message.set("content", content);
      return;
    }
    if (!content.isArray()) {
      throw Body.wrong(field, "must be a string or an array of parts");
    }
    ArrayNode blocks = message.putArray("content_blocks");
    content.forEach(part -> blocks.add(block(part, field + "[" + blocks.size() + "]")));
  }

  private static ObjectNode block(JsonNode part, String field) {
    ObjectNode block = Body.newObject();
    switch (part.path("type").asText()) {
      case "input_text", "output_text", "text" ->
          Body.copy(part, "text", block.put("type", "text"));
      case "input_image" -> {
        refuseStored(part, field);
        block
            .put("type", "image")
            .set("source", Body.source(part.path("image_url").asText(), field + ".image_url"));
      }
      case "input_file" -> {
        refuseStored(part, field);
        String url = part.path(Body.has(part, "file_url") ? "file_url" : "file_data").asText();
        block.put("type", "document").set("source", Body.source(url, field + ".file_data"));
        Body.copy(part, "filename", block, "title");
      }
      case "input_audio" -> {
        JsonNode audio = part.path("input_audio");
        block
            .put("type", "audio")
            .putObject("source")
            .put("type", "base64")
            .put("media_type", "audio/" + audio.path("format").asText("wav"))
            .put("data", audio.path("data").asText());
      }
      default -> throw Body.wrong(field + ".type", "is not known here");
    }
    return block;
  }

  private static void refuseStored(JsonNode part, String field) {
    if (Body.has(part, "file_id")) {
      throw Body.wrong(
          field + ".file_id", "is not served, for no files are stored here: send the file");
    }
  }
}

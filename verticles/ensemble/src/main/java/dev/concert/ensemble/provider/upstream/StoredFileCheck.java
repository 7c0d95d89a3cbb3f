package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what a body names of the files and pictures that the vendor keeps, in whatever part of the
 * conversation: they belong to the operator's account, which all callers share.
 */
final class StoredFileCheck {
  private static final List<String> CONVERSATION =
      List.of(
          "messages",
          "input",
          "contents",
          "system",
          "systemInstruction",
          "system_instruction",
          "generateContentRequest");

  /** What the client's own tools read and write: names in it mean nothing to the vendor. */
  private static final Set<String> DATA =
      Set.of(
          "arguments",
          "args",
          "input",
          "parameters",
          "input_schema",
          "response",
          "tools",
          "metadata");

  private static final Set<String> IDS = Set.of("file_id", "file_ids");
  private static final Set<String> ADDRESSES = Set.of("fileUri", "file_uri");

  private StoredFileCheck() {}

  /** The path of the first one; empty if there is none. */
  static Optional<String> find(JsonNode body) {
    for (String field : CONVERSATION) {
      Optional<String> found = in(body.path(field));
      if (found.isPresent()) {
        return found.map(path -> field + path);
      }
    }
    return Optional.empty();
  }

  /** The rest of the path. It is made on the way back only: conversations are long. */
  private static Optional<String> in(JsonNode node) {
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      Optional<String> found = in(node.path(i));
      if (found.isPresent()) {
        return Optional.of("[" + i + "]" + found.get());
      }
    }
    if (isStoredPicture(node)) {
      return Optional.of("");
    }
    for (var field : node.properties()) {
      String name = field.getKey();
      if (isStored(name, field.getValue())) {
        return Optional.of("." + name);
      }
      Optional<String> found = DATA.contains(name) ? Optional.empty() : in(field.getValue());
      if (found.isPresent()) {
        return Optional.of("." + UpstreamError.shortened(name) + found.get());
      }
    }
    return Optional.empty();
  }

  /** A picture of an earlier answer without its bytes. */
  private static boolean isStoredPicture(JsonNode node) {
    return node.path("type").asText().equals("image_generation_call")
        && node.path("result").asText("").isEmpty();
  }

  private static boolean isStored(String name, JsonNode value) {
    if (IDS.contains(name)) {
      return value.isArray() ? !value.isEmpty() : !value.asText("").isEmpty();
    }
    return ADDRESSES.contains(name) && isGoogles(value.asText("").toLowerCase(Locale.ROOT));
  }

  private static boolean isGoogles(String address) {
    return address.contains("googleapis.com/")
        || address.startsWith("gs:")
        || address.startsWith("files/");
  }
}

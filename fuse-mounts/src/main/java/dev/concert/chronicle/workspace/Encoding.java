package dev.concert.chronicle.workspace;

import dev.concert.workspace.WorkspaceMessages.FileContent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Content as text: as it is where it is text, else Base64. */
final class Encoding {
  private Encoding() {}

  static FileContent content(String path, byte[] bytes, long iteration, String hash) {
    return text(bytes)
        .map(text -> new FileContent(path, "utf8", text, bytes.length, iteration, hash))
        .orElseGet(
            () ->
                new FileContent(
                    path,
                    "base64",
                    Base64.getEncoder().encodeToString(bytes),
                    bytes.length,
                    iteration,
                    hash));
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }
}

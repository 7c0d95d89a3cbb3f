package dev.concert.chronicle.localsync.folder;

import dev.concert.chronicle.replication.replica.files.ReplicaFiles.InaccessibleException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HexFormat;

/** Why single files of a folder take no part, in words for a person. */
final class LeftOutReason {
  static final String NAME = "its name is not valid UTF-8";
  static final String SPECIAL = "it is a pipe, a socket or a device";
  static final String LEADS_OUT = "it is a symlink that leads out of the folder";

  private LeftOutReason() {}

  /** What the system says is wrong with a path, as an exception that concerns it alone. */
  static InaccessibleException of(String path, IOException failure) {
    return new InaccessibleException(path, of(failure), failure);
  }

  static String of(IOException failure) {
    String said =
        switch (failure) {
          case AccessDeniedException denied -> "Permission denied";
          case FileSystemException known when known.getReason() != null -> known.getReason();
          default -> failure.getMessage();
        };
    return said == null ? "the disk gives no reason" : said;
  }

  /** A path inside the folder, with each byte that is no UTF-8 as {@code \\xff}. */
  static String readable(Path root, Path file) {
    StringBuilder text = new StringBuilder();
    for (Path part : root.relativize(file)) {
      text.append(text.isEmpty() ? "" : "/").append(readable(bytes(root.resolve(part))));
    }
    return text.toString();
  }

  /** The bytes of a name: its URI is the only place where Java shows them. */
  private static byte[] bytes(Path file) {
    String uri = file.toUri().getRawPath();
    String name = uri.substring(uri.lastIndexOf('/', uri.length() - 2) + 1).replaceAll("/$", "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(name, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(name.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static String readable(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException malformed) {
      StringBuilder text = new StringBuilder();
      for (byte one : name) {
        text.append(one < 0 ? "\\x" + HexFormat.of().toHexDigits(one) : "" + (char) one);
      }
      return text.toString();
    }
  }
}

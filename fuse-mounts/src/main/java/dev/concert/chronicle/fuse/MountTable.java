package dev.concert.chronicle.fuse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The kernel's list of mounts. Reading it touches no mount, so it works while one hangs. */
final class MountTable {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
  private static final int MOUNT_POINT = 4;

  private MountTable() {}

  /**
   * Mount points of Chronicle at or below a folder, the innermost first; none on hosts other than
   * Linux.
   */
  static List<Path> below(Path folder) {
    if (!Files.exists(TABLE)) {
      return List.of();
    }
    try {
      String table = new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8);
      return table
          .lines()
          .filter(line -> line.contains(" - " + Mounting.TYPE + " "))
          .map(line -> Path.of(decode(line.split(" ")[MOUNT_POINT])))
          .filter(path -> path.startsWith(folder))
          .toList()
          .reversed();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the list of mounts", e);
    }
  }

  /** Blanks and backslashes are written as octal numbers. */
  static String decode(String field) {
    return OCTAL
        .matcher(field)
        .replaceAll(
            match -> {
              char character = (char) Integer.parseInt(match.group(1), 8);
              return character == '\\' ? "\\\\" : String.valueOf(character);
            });
  }
}

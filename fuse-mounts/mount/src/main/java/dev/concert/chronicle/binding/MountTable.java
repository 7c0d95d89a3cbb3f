package dev.concert.chronicle.binding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kernel's list of mounts. Reading it touches no mount, so it works while a mount hangs. */
public final class MountTable {
  /** The source of every mount of Concert. */
  public static final String SOURCE = "concert";

  public static final String SUBTYPE = "chronicle";

  /** The type of every mount of Concert, by whichever binding. */
  public static final String TYPE = "fuse." + SUBTYPE;

  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
  private static final int DEVICE = 2;
  private static final int MOUNT_POINT = 4;

  private MountTable() {}

  /**
   * Mount points of Chronicle at or below a folder, the innermost first; none on hosts other than
   * Linux.
   */
  public static List<Path> below(Path folder) {
    return mounts()
        .map(Entry::mountPoint)
        .filter(path -> path.startsWith(folder))
        .toList()
        .reversed();
  }

  /**
   * The number of the kernel's connection to the server of a mount, which is the minor number of
   * its device; empty if nothing is mounted there.
   */
  public static OptionalInt connection(Path mountPoint) {
    return mounts()
        .filter(entry -> entry.mountPoint().equals(mountPoint))
        .mapToInt(Entry::minorNumber)
        .reduce((covered, visible) -> visible);
  }

  private record Entry(int minorNumber, Path mountPoint) {
    static Entry of(String line) {
      String[] fields = line.split(" ");
      String device = fields[DEVICE];
      return new Entry(
          Integer.parseInt(device.substring(device.indexOf(':') + 1)),
          Path.of(decode(fields[MOUNT_POINT])));
    }
  }

  private static Stream<Entry> mounts() {
    if (!Files.exists(TABLE)) {
      return Stream.empty();
    }
    try {
      String table = new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8);
      return table.lines().filter(line -> line.contains(" - " + TYPE + " ")).map(Entry::of);
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

package dev.concert.chronicle.archive;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names in archives that mean the same file on every system.
 *
 * <p>A workspace on Linux may have names that Windows takes for something else: a backslash
 * separates folders there, a colon names a drive or a stream, a dot or a space at the end is
 * dropped, and {@code CON} is a device. Their bytes, and control characters, are written as in a
 * URL: {@code %5C}. A name that has a percent sign before two hex digits gets {@code %25} for it,
 * so that decoding gives back every name, and two files never get one name.
 */
final class ArchiveNames {
  private static final Pattern LOOKS_ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");
  private static final Set<String> DEVICES =
      Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$");
  private static final Pattern NUMBERED_DEVICE = Pattern.compile("(COM|LPT)[0-9¹²³]");

  private ArchiveNames() {}

  /** The name of an entry: every part of the path is safe by itself. */
  static String of(String path) {
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      parts[i] = part(parts[i]);
    }
    return String.join("/", parts);
  }

  private static String part(String name) {
    StringBuilder safe = new StringBuilder(name.length() + 16);
    boolean encode = !isSafe(name);
    int[] characters = name.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      int one = characters[i];
      boolean isFirstOfDevice = i == 0 && isDevice(name);
      boolean isDroppedEnd = i == characters.length - 1 && isDropped(one);
      if (encode && (one == '%' || isUnsafe(one) || isFirstOfDevice || isDroppedEnd)) {
        for (byte octet : Character.toString(one).getBytes(StandardCharsets.UTF_8)) {
          safe.append('%').append("%02X".formatted(octet & 0xff));
        }
      } else {
        safe.appendCodePoint(one);
      }
    }
    return safe.toString();
  }

  private static boolean isSafe(String name) {
    return name.codePoints().noneMatch(ArchiveNames::isUnsafe)
        && !isDevice(name)
        && !LOOKS_ENCODED.matcher(name).find()
        && !(!name.isEmpty() && isDropped(name.charAt(name.length() - 1)));
  }

  private static boolean isUnsafe(int character) {
    return character == '\\' || character == ':' || Character.isISOControl(character);
  }

  private static boolean isDropped(int last) {
    return last == '.' || last == ' ';
  }

  /** Windows looks at what is before the first dot only, without the spaces before it. */
  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing();
    String upper = stem.toUpperCase(Locale.ROOT);
    return DEVICES.contains(upper) || NUMBERED_DEVICE.matcher(upper).matches();
  }
}

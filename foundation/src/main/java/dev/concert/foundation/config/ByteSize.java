package dev.concert.foundation.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 2 GiB}, {@code 512MiB}, {@code 64 KiB}, or a plain
 * number of bytes. The unit counts in steps of 1024.
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");
  private static final Map<Integer, String> UNITS =
      new TreeMap<>(Map.of(0, "B", 10, "KiB", 20, "MiB", 30, "GiB", 40, "TiB"));

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("A size is not negative: " + bytes);
    }
  }

  public static ByteSize kib(long count) {
    return new ByteSize(count << 10);
  }

  public static ByteSize mib(long count) {
    return new ByteSize(count << 20);
  }

  public static ByteSize gib(long count) {
    return new ByteSize(count << 30);
  }

  /** Empty where the text is no size, or one of 2<sup>63</sup> bytes and more. */
  public static Optional<ByteSize> parse(String text) {
    Matcher size = TEXT.matcher(text.strip());
    if (!size.matches()) {
      return Optional.empty();
    }
    String unit = Optional.ofNullable(size.group(2)).orElse("B");
    long number = Long.parseLong(size.group(1));
    return UNITS.entrySet().stream()
        .filter(known -> known.getValue().equals(unit))
        .filter(known -> number <= Long.MAX_VALUE >> known.getKey())
        .map(known -> new ByteSize(number << known.getKey()))
        .findFirst();
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** In the largest unit that says it exactly. */
  @Override
  public String toString() {
    int shift = bytes == 0 ? 0 : Math.min(40, Long.numberOfTrailingZeros(bytes) / 10 * 10);
    return (bytes >> shift) + " " + UNITS.get(shift);
  }
}

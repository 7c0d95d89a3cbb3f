package dev.concert.chronicle.fuse.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The signals that wait for a thread, as {@code /proc} shows them. */
final class PendingSignals {
  private static final int KILL = 9;

  /** Those that end a process which does not handle them. */
  private static final List<Integer> ENDING =
      List.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 24, 25, 26, 27, 29, 30, 31);

  private PendingSignals() {}

  /** Whether one of them ends the process; false where that cannot be seen. */
  static boolean kill(int thread) {
    if (thread <= 0) {
      return false;
    }
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + thread + "/status"));
      long pending = set(lines, "SigPnd:") | set(lines, "ShdPnd:");
      long handled = set(lines, "SigBlk:") | set(lines, "SigIgn:") | set(lines, "SigCgt:");
      return has(pending, KILL)
          || ENDING.stream().anyMatch(signal -> has(pending & ~handled, signal));
    } catch (IOException | NumberFormatException gone) {
      return !Files.exists(Path.of("/proc/" + thread));
    }
  }

  private static boolean has(long set, int signal) {
    return (set & 1L << (signal - 1)) != 0;
  }

  private static long set(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .map(line -> Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
        .orElse(0L);
  }
}

package dev.concert.coordinator.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A time in the unit in which the kernel says when a process started.
 *
 * @param ticks hundredths of a second since boot
 */
record StartTime(long ticks) {
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final long TICKS_PER_SECOND = 100;
  private static final long MS_PER_TICK = 1000 / TICKS_PER_SECOND;

  /**
   * When the clock of {@link System#nanoTime} showed this, or a moment before. Reads a file: not
   * for event loops.
   */
  static StartTime at(long nanoTime) {
    try {
      String uptime = Files.readString(UPTIME).split(" ")[0];
      long now = Math.round(Double.parseDouble(uptime) * TICKS_PER_SECOND);
      // Read second: a pause of this thread in between gives an earlier time, never a later one.
      long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
      return new StartTime(now - elapsed / MS_PER_TICK - 1);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + UPTIME, e);
    }
  }

  /** Whether the process started at this time or later. */
  boolean isNotAfter(ProcessTable.Entry process) {
    return process.startTicks() >= ticks;
  }
}

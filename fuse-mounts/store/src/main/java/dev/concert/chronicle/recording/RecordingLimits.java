package dev.concert.chronicle.recording;

import java.time.Duration;

/**
 * How much may wait to be recorded, and for how long one who works in a workspace waits for that.
 *
 * @param deferredFiles contents that may wait to be read
 * @param deferredBytes bytes on the disk that these may have in total
 * @param directBytes what has no room among them and is larger than this on the disk is skipped
 * @param longestWait of a request of a mount; afterwards a version is skipped
 */
public record RecordingLimits(
    int deferredFiles, long deferredBytes, long directBytes, Duration longestWait) {
  public static final RecordingLimits USUAL =
      new RecordingLimits(64, 4L << 30, 64L << 20, Duration.ofSeconds(10));
}

package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.wire.PathVersion;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was copied. Thread-safe. */
public final class SyncProgress {
  private final LongAdder receivedFiles = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder sentFiles = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();

  /**
   * How much was copied.
   *
   * @param files that were copied in either direction
   * @param bytes in them
   */
  public record Copied(long files, long bytes) {

    /** Bytes a second. */
    public long rate(Duration since) {
      return bytes * 1000 / Math.max(1, since.toMillis());
    }
  }

  public void received(PathVersion version) {
    receivedFiles.increment();
    receivedBytes.add(version.size());
  }

  public void sent(PathVersion version) {
    sentFiles.increment();
    sentBytes.add(version.size());
  }

  public Copied received() {
    return new Copied(receivedFiles.sum(), receivedBytes.sum());
  }

  public Copied sent() {
    return new Copied(sentFiles.sum(), sentBytes.sum());
  }
}

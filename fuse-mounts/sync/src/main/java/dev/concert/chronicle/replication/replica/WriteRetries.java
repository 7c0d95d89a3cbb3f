package dev.concert.chronicle.replication.replica;

import dev.concert.foundation.retry.Backoff;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes that the workspace could not take, each with a pause of its own, so that one that fails
 * again and again holds up no other. For the replica's thread.
 */
final class WriteRetries {
  private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(200), Duration.ofMinutes(1));

  /** After so many failures nobody waits for the write any more; it is still tried again. */
  private static final int AWAITED = 3;

  private record Retry(int failures, long notBefore) {}

  private final Map<String, Retry> retries = new HashMap<>();

  void failed(String path) {
    int failures = retries.containsKey(path) ? retries.get(path).failures + 1 : 1;
    retries.put(path, new Retry(failures, System.nanoTime() + BACKOFF.after(failures).toNanos()));
  }

  void succeeded(String path) {
    retries.remove(path);
  }

  boolean isDue(String path) {
    Retry retry = retries.get(path);
    return retry == null || System.nanoTime() - retry.notBefore >= 0;
  }

  /** Whether it may succeed soon. */
  boolean isAwaited(String path) {
    Retry retry = retries.get(path);
    return retry == null || retry.failures < AWAITED;
  }

  /** All are tried at once. */
  void restart() {
    retries.clear();
  }
}

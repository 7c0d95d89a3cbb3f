package dev.concert.chronicle.fuse.request;

import dev.concert.chronicle.fuse.protocol.FuseRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The requests of a mount that may wait, so that they end when their process is killed: the thread
 * that serves one is interrupted then. A process that only handles a signal goes on waiting,
 * because programs do not expect a disk to be interrupted. Thread-safe.
 */
final class RequestsInProgress {
  /** The kernel reports only the first signal. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private record Serving(Thread thread, int process) {}

  private final Map<Long, Serving> byUnique = new ConcurrentHashMap<>();

  /** Serves a request, which an interrupt ends with {@code EINTR}. */
  int during(FuseRequest request, IntSupplier serving) {
    long unique = request.unique();
    byUnique.put(unique, new Serving(Thread.currentThread(), request.thread()));
    try {
      return serving.getAsInt();
    } finally {
      byUnique.remove(unique);
      // The next request is another process's.
      Thread.interrupted();
    }
  }

  /** A signal was sent to the process of a request. Returns at once. */
  void interrupt(long unique) {
    if (byUnique.containsKey(unique)) {
      Thread.ofVirtual().name("chronicle-interrupt").start(() -> untilKilled(unique));
    }
  }

  private void untilKilled(long unique) {
    try {
      while (isWaiting(unique)) {
        Thread.sleep(LOOK_AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts it if its process is being killed; false when there is nothing left to do. */
  private boolean isWaiting(long unique) {
    boolean[] waiting = {false};
    byUnique.computeIfPresent(
        unique,
        (_, serving) -> {
          waiting[0] = !PendingSignals.kill(serving.process());
          if (!waiting[0]) {
            serving.thread().interrupt();
          }
          return serving;
        });
    return waiting[0];
  }
}

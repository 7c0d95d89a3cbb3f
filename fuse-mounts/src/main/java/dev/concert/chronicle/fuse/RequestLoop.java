package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve a mount. One more comes up whenever the last idle one took a request, so a
 * slow request never holds up the others; those that are too many end. All end when the mount is
 * gone, the last one frees it.
 */
final class RequestLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);
  private static final int MAX_THREADS = 32;
  private static final int MAX_IDLE = 3;

  /** Of a request or an answer, beside what is transferred. */
  private static final long HEADERS = 4096;

  private final String name;
  private final int device;
  private final Operations operations;
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private final CountDownLatch gone = new CountDownLatch(1);

  /**
   * @param device descriptor of the mounted {@code /dev/fuse}; closed when the mount is gone
   */
  RequestLoop(String name, int device, Operations operations) {
    this.name = name;
    this.device = device;
    this.operations = operations;
  }

  /** Starts serving. */
  void start() {
    addThread();
  }

  private void addThread() {
    idle.incrementAndGet();
    threads.incrementAndGet();
    Thread.ofPlatform()
        .daemon()
        .name("chronicle-" + name + "-" + started.incrementAndGet())
        .start(this::serve);
  }

  /** Waits until the mount is gone; false when it is not after this time. */
  boolean awaitGone(Duration patience) throws InterruptedException {
    return gone.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether some request is being served. */
  boolean isBusy() {
    return threads.get() > idle.get();
  }

  private void serve() {
    try (Arena arena = Arena.ofConfined()) {
      Request request = new Request(arena.allocate(Handshake.MAX_TRANSFER + HEADERS, 8));
      Reply reply = new Reply(device, arena.allocate(Handshake.MAX_TRANSFER + HEADERS, 8));
      boolean more = true;
      while (more) {
        int received = DeviceCalls.read(device, request.memory());
        more = received > 0 ? serve(request, reply) : isPassing(received);
      }
    } catch (RuntimeException failure) {
      LOG.error("A thread that serves mount {} failed", name, failure);
    } finally {
      idle.decrementAndGet();
      if (threads.decrementAndGet() == 0) {
        end();
      }
    }
  }

  /** Whether the device is to be asked again: a request was withdrawn, or a signal came. */
  private static boolean isPassing(int result) {
    return result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.ENOENT;
  }

  /** False when this thread is one too many. */
  private boolean serve(Request request, Reply reply) {
    if (idle.decrementAndGet() == 0 && threads.get() < MAX_THREADS) {
      addThread();
    }
    operations.serve(request, reply);
    return idle.incrementAndGet() <= MAX_IDLE;
  }

  private void end() {
    FileCalls.close(device);
    gone.countDown();
  }
}

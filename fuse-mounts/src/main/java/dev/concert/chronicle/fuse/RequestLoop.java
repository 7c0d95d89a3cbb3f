package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  private static final long BUFFER_STRUCT = 40;
  private static final long SIZE = 0;
  private static final long FLAGS = 8;
  private static final long MEMORY = 16;

  private final String name;
  private final MemorySegment session;
  private final MemorySegment channel;
  private final long bufferSize;
  private final Runnable whenGone;
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private final CountDownLatch gone = new CountDownLatch(1);

  RequestLoop(String name, MemorySegment session, MemorySegment channel, Runnable whenGone) {
    this.name = name;
    this.session = session;
    this.channel = channel;
    this.bufferSize = LibFuse.bufferSize(channel);
    this.whenGone = whenGone;
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
      MemorySegment memory = arena.allocate(bufferSize, 16);
      MemorySegment buffer = arena.allocate(BUFFER_STRUCT, 8);
      MemorySegment source = arena.allocate(ADDRESS);
      boolean more = true;
      while (more) {
        buffer.set(JAVA_LONG, SIZE, bufferSize);
        buffer.set(JAVA_INT, FLAGS, 0);
        buffer.set(ADDRESS, MEMORY, memory);
        source.set(ADDRESS, 0, channel);
        int received = LibFuse.receive(session, buffer, source);
        more =
            received > 0
                ? process(buffer, source)
                : received == -Errno.EINTR || received == -Errno.EAGAIN;
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

  /** False when this thread is one too many. */
  private boolean process(MemorySegment buffer, MemorySegment source) {
    if (idle.decrementAndGet() == 0 && threads.get() < MAX_THREADS) {
      addThread();
    }
    LibFuse.process(session, buffer, source.get(ADDRESS, 0));
    return idle.incrementAndGet() <= MAX_IDLE;
  }

  private void end() {
    try {
      whenGone.run();
    } finally {
      gone.countDown();
    }
  }
}

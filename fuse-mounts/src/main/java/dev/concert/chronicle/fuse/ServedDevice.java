package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The descriptor of one mount, from which {@link RequestThreads} take its requests. A mount has at
 * most so many threads at once: whoever keeps a slow disk busy leaves the rest to the others. It is
 * closed when the mount is gone and the last request answered. Thread-safe.
 */
final class ServedDevice {
  private static final Logger LOG = LoggerFactory.getLogger(ServedDevice.class);
  private static final int MOST_AT_ONCE = 32;

  private final String name;
  private final int descriptor;
  private final Operations operations;
  private final ShortWait.Others others;
  private final ShortWait shortWait = new ShortWait(System::nanoTime);
  private final CountDownLatch gone = new CountDownLatch(1);
  private int serving;
  private boolean missed;
  private boolean ended;

  /**
   * @param descriptor of the mounted {@code /dev/fuse}, not blocking
   * @param others threads that may serve the next request while one is being served
   */
  ServedDevice(String name, int descriptor, Operations operations, ShortWait.Others others) {
    this.name = name;
    this.descriptor = descriptor;
    this.operations = operations;
    this.others = others;
  }

  /** Serves the next request, if there is one. */
  void serve(Request request, Reply reply) {
    boolean more = enter();
    while (more) {
      boolean mounted = true;
      try {
        mounted = serveNext(request, reply);
      } catch (RuntimeException failure) {
        LOG.error("A request to mount {} failed", name, failure);
      } finally {
        more = leave(mounted) && enter();
      }
    }
  }

  /** False when the mount is gone. */
  private boolean serveNext(Request request, Reply reply) {
    int received = receive(request);
    while (received > 0) {
      others.resume();
      shortWait.asked(Opcode.isQuestion(request.opcode()));
      operations.serve(request, reply.to(descriptor));
      received = shortWait.next(others, () -> receive(request));
    }
    return received == -Errno.EAGAIN;
  }

  private int receive(Request request) {
    int received;
    do {
      received = DeviceCalls.read(descriptor, request.memory());
    } while (isPassing(received));
    return received;
  }

  /** Whether the device is to be asked again: a request was withdrawn, or a signal came. */
  private static boolean isPassing(int result) {
    return result == -Errno.EINTR || result == -Errno.ENOENT;
  }

  private synchronized boolean enter() {
    if (ended || serving == MOST_AT_ONCE) {
      missed = true;
      return false;
    }
    serving++;
    return true;
  }

  /** Whether something arrived that nobody looked at. */
  private synchronized boolean leave(boolean mounted) {
    serving--;
    ended |= !mounted;
    if (ended && serving == 0) {
      end();
    }
    boolean again = missed && !ended;
    missed = false;
    return again;
  }

  private void end() {
    FileCalls.close(descriptor);
    gone.countDown();
  }

  /** Serves no more: the kernel refuses whatever is asked of the mount from now on. */
  synchronized void abandon() {
    if (!ended) {
      ended = true;
      if (serving == 0) {
        end();
      }
    }
  }

  /** Whether some request is being served. */
  synchronized boolean isBusy() {
    return serving > 0;
  }

  boolean isGone() {
    return gone.getCount() == 0;
  }

  /** Waits until the mount is gone; false when it is not after this time. */
  boolean awaitGone(Duration patience) throws InterruptedException {
    return gone.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}

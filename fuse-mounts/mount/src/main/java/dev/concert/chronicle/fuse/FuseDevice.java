package dev.concert.chronicle.fuse;

import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.fuse.protocol.Opcode;
import dev.concert.chronicle.fuse.request.OperationTable;
import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device of one mount, from which {@link RequestThreads} read its requests. The number of
 * threads that one mount uses at once is bounded, so a slow disk leaves threads for the others. The
 * descriptor is closed when the mount is gone and the last request is answered. Thread-safe.
 */
final class FuseDevice {
  private static final Logger LOG = LoggerFactory.getLogger(FuseDevice.class);
  private static final int MOST_AT_ONCE = 32;

  private final String name;
  private final int descriptor;
  private final OperationTable operations;
  private final BusyPoll.Others others;
  private final BusyPoll busyPoll = new BusyPoll(System::nanoTime);
  private final CountDownLatch gone = new CountDownLatch(1);
  private int serving;
  private boolean missed;
  private boolean ended;

  /**
   * @param descriptor of the mounted {@code /dev/fuse}, not blocking
   * @param others threads that may serve the next request while one is being served
   */
  FuseDevice(String name, int descriptor, OperationTable operations, BusyPoll.Others others) {
    this.name = name;
    this.descriptor = descriptor;
    this.operations = operations;
    this.others = others;
  }

  /** Serves requests as long as there are any. */
  void serve(FuseRequest request, FuseReply reply) {
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
  private boolean serveNext(FuseRequest request, FuseReply reply) {
    int received = receive(request);
    while (received > 0) {
      others.resume();
      busyPoll.asked(Opcode.isQuestion(request.opcode()));
      operations.serve(request, reply.to(descriptor));
      received = busyPoll.next(others, () -> receive(request));
    }
    return received == -Errno.EAGAIN;
  }

  private int receive(FuseRequest request) {
    int received;
    do {
      received = DeviceCalls.read(descriptor, request.memory());
    } while (isPassing(received));
    return received;
  }

  /** Whether to read again: a request was withdrawn, or a signal arrived. */
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

  /** Returns whether requests arrived that no thread took. */
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

  /** Ends the service: all later requests to the mount fail. */
  synchronized void abandon() {
    if (!ended) {
      ended = true;
      if (serving == 0) {
        end();
      }
    }
  }

  /** Whether a request is being served. */
  synchronized boolean isBusy() {
    return serving > 0;
  }

  boolean isGone() {
    return gone.getCount() == 0;
  }

  /** Waits until the mount is gone; returns false if it is not after this time. */
  boolean awaitGone(Duration timeout) throws InterruptedException {
    return gone.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}

package dev.concert.chronicle.fuse;

import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.fuse.request.InitRequest;
import dev.concert.chronicle.fuse.request.OperationTable;
import dev.concert.chronicle.posix.PageMemory;
import dev.concert.chronicle.posix.Readiness;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve all mounts of a host: a thousand mounts are idle most of the time. When
 * the last idle thread takes a request, another one starts, so a slow request never holds up the
 * others; surplus idle threads end. Thread-safe.
 */
final class RequestThreads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestThreads.class);
  private static final int MOST = 256;
  private static final int MOST_IDLE = 4;

  /** Bytes of a request or an answer besides the data. */
  private static final long HEADERS = 4096;

  private final Readiness readiness = Readiness.open();
  private final Map<Long, FuseDevice> devices = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong(Readiness.STOPPED);
  private final ThreadCount count = new ThreadCount(MOST, MOST_IDLE);
  private final AtomicInteger started = new AtomicInteger();
  private volatile boolean stopped;

  private RequestThreads() {}

  static RequestThreads start() {
    RequestThreads threads = new RequestThreads();
    threads.addThread();
    return threads;
  }

  /**
   * Serves a mount until it is gone.
   *
   * @param device descriptor of the mounted {@code /dev/fuse}, not blocking; closed by this
   */
  FuseDevice serve(String name, int device, OperationTable operations) {
    long token = tokens.incrementAndGet();
    FuseDevice served = new FuseDevice(name, device, operations, new ThreadsFor(device, token));
    devices.put(token, served);
    readiness.watch(device, token);
    return served;
  }

  /** The threads as one mount sees them. */
  private final class ThreadsFor implements BusyPoll.Others {
    private final int device;
    private final long token;

    ThreadsFor(int device, long token) {
      this.device = device;
      this.token = token;
    }

    @Override
    public void pause() {
      readiness.tellNothing(device, token);
    }

    @Override
    public void resume() {
      readiness.tellAgain(device, token);
    }
  }

  /** The number of threads. */
  int count() {
    return count.all();
  }

  private void addThread() {
    count.add();
    try {
      Thread.ofPlatform()
          .daemon()
          .name("chronicle-fuse-" + started.incrementAndGet())
          .start(this::run);
    } catch (OutOfMemoryError refused) {
      // The threads that exist go on serving.
      count.end(true);
      LOG.warn("The host has no more threads for requests to mounts", refused);
    }
  }

  private void run() {
    boolean waiting = true;
    boolean counted = true;
    try (Arena arena = Arena.ofConfined()) {
      FuseRequest request =
          new FuseRequest(PageMemory.allocate(arena, InitRequest.MAX_TRANSFER + HEADERS));
      FuseReply reply =
          new FuseReply(PageMemory.allocate(arena, InitRequest.MAX_TRANSFER + HEADERS));
      while (counted) {
        long token = readiness.await();
        if (token == Readiness.STOPPED) {
          return;
        }
        waiting = false;
        if (count.wake()) {
          addThread();
        }
        serve(token, request, reply);
        counted = count.rest();
        waiting = counted;
      }
    } finally {
      if (counted) {
        end(waiting);
      }
    }
  }

  private void end(boolean waiting) {
    if (stopped || waiting) {
      if (count.end(waiting) && stopped) {
        readiness.close();
      }
    } else if (count.fail()) {
      addThread();
    }
  }

  private void serve(long token, FuseRequest request, FuseReply reply) {
    FuseDevice device = devices.get(token);
    if (device != null) {
      device.serve(request, reply);
      if (device.isGone()) {
        devices.remove(token);
      }
    }
  }

  /** Ends the threads. Requests to a mount that is left fail. */
  @Override
  public void close() {
    stopped = true;
    readiness.stop();
    devices.values().forEach(FuseDevice::abandon);
  }
}

package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.PageMemory;
import dev.concert.chronicle.posix.Readiness;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that serve all mounts of a host, since a thousand mounts are idle most of the time.
 * One more comes up whenever the last idle one is needed, so a slow request never holds up the
 * others; those that are too many end. Thread-safe.
 */
public final class RequestThreads implements AutoCloseable {
  private static final int MOST = 256;
  private static final int MOST_IDLE = 4;

  /** Of a request or an answer, beside what is transferred. */
  private static final long HEADERS = 4096;

  private final Readiness readiness = Readiness.open();
  private final Map<Long, ServedDevice> devices = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong(Readiness.STOPPED);
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private volatile boolean stopped;

  private RequestThreads() {}

  public static RequestThreads start() {
    RequestThreads threads = new RequestThreads();
    threads.addThread();
    return threads;
  }

  /**
   * Serves a mount until it is gone.
   *
   * @param device descriptor of the mounted {@code /dev/fuse}, not blocking; closed by this
   */
  ServedDevice serve(String name, int device, Operations operations) {
    long token = tokens.incrementAndGet();
    ServedDevice served =
        new ServedDevice(name, device, operations, () -> readiness.tellAgain(device, token));
    devices.put(token, served);
    readiness.watch(device, token);
    return served;
  }

  /** How many there are. */
  int count() {
    return threads.get();
  }

  private void addThread() {
    idle.incrementAndGet();
    threads.incrementAndGet();
    Thread.ofPlatform()
        .daemon()
        .name("chronicle-fuse-" + started.incrementAndGet())
        .start(this::run);
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      Request request = new Request(PageMemory.allocate(arena, Handshake.MAX_TRANSFER + HEADERS));
      Reply reply = new Reply(PageMemory.allocate(arena, Handshake.MAX_TRANSFER + HEADERS));
      boolean more = true;
      while (more) {
        long token = readiness.await();
        if (token == Readiness.STOPPED) {
          return;
        }
        if (idle.decrementAndGet() == 0 && threads.get() < MOST) {
          addThread();
        }
        serve(token, request, reply);
        more = idle.incrementAndGet() <= MOST_IDLE;
      }
    } finally {
      idle.decrementAndGet();
      if (threads.decrementAndGet() == 0 && stopped) {
        readiness.close();
      }
    }
  }

  private void serve(long token, Request request, Reply reply) {
    ServedDevice device = devices.get(token);
    if (device != null) {
      device.serve(request, reply);
      if (device.isGone()) {
        devices.remove(token);
      }
    }
  }

  /** Ends the threads; a mount that is left is one that the kernel answers for, with an error. */
  @Override
  public void close() {
    stopped = true;
    readiness.stop();
    devices.values().forEach(ServedDevice::abandon);
  }
}

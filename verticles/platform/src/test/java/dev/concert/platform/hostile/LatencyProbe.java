package dev.concert.platform.hostile;

import dev.concert.testing.RawWebSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A well-behaved client that asks again and again whether the server is alive, as others see it.
 */
final class LatencyProbe implements AutoCloseable {
  /** Below the rate of the protocol. */
  private static final long PAUSE_NANOS = 180_000_000;

  private final RawWebSocket socket;
  private final Thread thread;
  private final List<Long> taken = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean ended;
  private volatile Throwable failure;

  LatencyProbe(int port) {
    this.socket = RawWebSocket.open(port, "/ws");
    this.thread = Thread.ofPlatform().name("latency-probe").start(this::run);
  }

  private void run() {
    try {
      socket.awaitText("\"authenticated\"");
      for (int i = 0; !ended; i++) {
        long start = System.nanoTime();
        socket.send(RawWebSocket.text("{\"type\":\"ping\",\"requestId\":\"live-" + i + "\"}"));
        socket.awaitText("\"live-" + i + '"');
        taken.add(System.nanoTime() - start);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (Throwable e) {
      failure = e;
    }
  }

  /** How many were answered. */
  int answered() {
    return taken.size();
  }

  /** The nth percentile of those from a mark on, in milliseconds. */
  double percentile(int from, double share) {
    // A copy of the whole list is taken in one step; pings go on meanwhile.
    List<Long> sorted = Stream.of(taken.toArray(Long[]::new)).skip(from).sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())) / 1e6;
  }

  /** Ends; fails where a ping was not answered. */
  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    socket.close();
    if (failure != null) {
      throw new AssertionError("A ping of another client was not answered", failure);
    }
  }
}

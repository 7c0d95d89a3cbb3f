package dev.concert.chronicle.fuse;

/**
 * Counts threads and idle threads. Below the maximum one thread is always idle, and only a few are.
 * Thread-safe.
 */
final class ThreadCount {
  private final int most;
  private final int mostWaiting;
  private int all;
  private int waiting;

  ThreadCount(int most, int mostWaiting) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /** A thread starts and is idle. */
  synchronized void add() {
    all++;
    waiting++;
  }

  /** An idle thread takes a request; returns whether another one has to start. */
  synchronized boolean wake() {
    waiting--;
    return waiting == 0 && all < most;
  }

  /**
   * A thread has served its request; returns whether it becomes idle. If not, it is not counted any
   * more, so that no other thread ends because of it.
   */
  synchronized boolean rest() {
    if (waiting < mostWaiting) {
      waiting++;
      return true;
    }
    all--;
    return false;
  }

  /**
   * A thread failed during a request; returns whether another one has to start, because none is
   * idle.
   */
  synchronized boolean fail() {
    all--;
    return waiting == 0;
  }

  /**
   * A thread ends; returns whether it was the last one.
   *
   * @param waited whether it was idle, not in a request
   */
  synchronized boolean end(boolean waited) {
    if (waited) {
      waiting--;
    }
    all--;
    return all == 0;
  }

  synchronized int all() {
    return all;
  }

  synchronized int waiting() {
    return waiting;
  }
}

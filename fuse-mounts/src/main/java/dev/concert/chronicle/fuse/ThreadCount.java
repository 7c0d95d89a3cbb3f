package dev.concert.chronicle.fuse;

/**
 * How many threads there are and how many of them wait, so that one waits at any time, as long as
 * there may be more, and few wait for nothing. Thread-safe.
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

  /** One more is about to wait. */
  synchronized void add() {
    all++;
    waiting++;
  }

  /** One that waited got something to do; answers whether one has to be added in its place. */
  synchronized boolean wake() {
    waiting--;
    return waiting == 0 && all < most;
  }

  /**
   * One has done it; answers whether it shall wait again. One that shall not counts no more: others
   * must not leave because of it.
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
   * One ended in the middle of what it did; answers whether one has to be added in its place,
   * because nobody waits until another has done what it does.
   */
  synchronized boolean fail() {
    all--;
    return waiting == 0;
  }

  /**
   * One ends that was not told to; answers whether it was the last.
   *
   * @param waited else it was in the middle of what it does
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

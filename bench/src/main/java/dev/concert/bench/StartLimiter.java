package dev.concert.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets a few agents start at a time: a benchmark of streams is none of the rush at its beginning.
 */
final class StartLimiter {
  private static final int AT_ONCE = 8;

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int underWay;

  synchronized void ask(Runnable start) {
    waiting.add(start);
    next();
  }

  synchronized void done() {
    underWay--;
    next();
  }

  private void next() {
    while (underWay < AT_ONCE && !waiting.isEmpty()) {
      underWay++;
      waiting.poll().run();
    }
  }
}

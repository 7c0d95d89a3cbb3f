package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.Entry;

/** An entry that waits for its transaction. Guarded by the journal's commit lock. */
final class PendingCommit {
  private final Entry entry;
  private boolean done;
  private RuntimeException failure;

  PendingCommit(Entry entry) {
    this.entry = entry;
  }

  Entry entry() {
    return entry;
  }

  boolean isDone() {
    return done;
  }

  void succeeded() {
    done = true;
  }

  void failed(RuntimeException why) {
    failure = why;
    done = true;
  }

  void rethrow() {
    if (failure != null) {
      throw failure;
    }
  }
}

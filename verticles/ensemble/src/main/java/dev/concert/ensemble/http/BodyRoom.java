package dev.concert.ensemble.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The memory for bodies that clients are still sending, together. If a body needs more than is
 * left, the one that began to need room first gives up its own: clients that stop in the middle
 * cannot keep others out, however many they are. Thread-safe.
 */
final class BodyRoom {
  /** A body up to this size needs no room: ordinary requests never give up anything. */
  static final int SMALL = 64 * 1024;

  /** Of the heap. Buffers grow by copies, so that they may need twice as much for a moment. */
  private static final int SHARE = 4;

  private final long bytes;

  /** Those that need room, by when they began to. Guarded by this. */
  private final SequencedSet<Share> taken = new LinkedHashSet<>();

  /** Guarded by this. */
  private long used;

  BodyRoom(long bytes) {
    this.bytes = bytes;
  }

  /** Has room for two of the longest bodies, also in a small heap. */
  static BodyRoom forBodiesOf(int limit) {
    return new BodyRoom(Math.max(2L * limit, Runtime.getRuntime().maxMemory() / SHARE));
  }

  /**
   * A body begins.
   *
   * @param givenUp is called once, on any thread, if it has to give up its room
   */
  Share begin(Runnable givenUp) {
    return new Share(givenUp);
  }

  /** What one body needs. */
  final class Share {
    private final Runnable givenUp;
    private long held;
    private boolean over;

    private Share(Runnable givenUp) {
      this.givenUp = givenUp;
    }

    /** The body is so long now. */
    void grow(long length) {
      if (length > SMALL) {
        take(length).forEach(other -> other.givenUp.run());
      }
    }

    private List<Share> take(long length) {
      synchronized (BodyRoom.this) {
        List<Share> evicted = new ArrayList<>();
        if (!over) {
          taken.add(this);
          used += length - held;
          held = length;
          while (used > bytes) {
            Share first = taken.getFirst();
            first.end();
            evicted.add(first);
          }
        }
        return evicted;
      }
    }

    /** Releases the room: the body is complete, or its request has failed. */
    void end() {
      synchronized (BodyRoom.this) {
        over = true;
        if (taken.remove(this)) {
          used -= held;
        }
      }
    }
  }
}

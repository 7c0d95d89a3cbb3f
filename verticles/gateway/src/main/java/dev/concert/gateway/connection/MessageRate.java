package dev.concert.gateway.connection;

/**
 * At most so many messages in any window of time: remembers when the latest ones came. Used on one
 * context.
 */
final class MessageRate {
  /** 60 messages in any 10 s (protocol.md, "Frames"). */
  static final int MESSAGES = 60;

  static final long WINDOW_MS = 10_000;

  private final long[] times = new long[MESSAGES];
  private int next;
  private long count;

  /** Milliseconds until a message may come; 0 when this one may, which is then counted. */
  long admit(long now) {
    long oldest = times[next];
    if (count >= MESSAGES && now - oldest < WINDOW_MS) {
      return WINDOW_MS - (now - oldest);
    }
    times[next] = now;
    next = (next + 1) % MESSAGES;
    count++;
    return 0;
  }
}

package dev.concert.gateway.connection;

/**
 * Whether a client still answers. It is lost when it has said nothing from one beat to the next.
 *
 * <p>The clock does not decide. A busy event loop beats late, and it has read what the client sent
 * meanwhile before it does: so no client is closed because the server is slow. Used on the socket's
 * context.
 */
final class Heartbeat {
  /** Between two beats. */
  static final long INTERVAL_MS = 30_000;

  private boolean pinged;
  private boolean heard;

  /** The client sent something: a message, a ping, or the pong to ours. */
  void heard() {
    heard = true;
  }

  /**
   * Time for a ping.
   *
   * @return false when the client has said nothing since the last one
   */
  boolean beat() {
    boolean alive = heard || !pinged;
    heard = false;
    pinged = true;
    return alive;
  }
}

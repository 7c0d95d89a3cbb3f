package dev.concert.bridges.platform;

/**
 * Fetches the events of a connection, so that no public address is needed. It goes on until it is
 * stopped, whatever the network does. On one context.
 */
public interface ChatReceiver {
  /** Begins. */
  void start();

  /** Ends; what was not taken yet comes again at the next start. */
  void stop();

  /** How it is now. */
  Health health();

  /**
   * How a receiver is.
   *
   * @param isConnected whether events reach us now
   * @param message one sentence
   */
  record Health(boolean isConnected, String message) {}
}

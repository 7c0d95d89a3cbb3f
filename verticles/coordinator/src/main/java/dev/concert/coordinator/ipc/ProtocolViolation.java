package dev.concert.coordinator.ipc;

/**
 * The agent sent what the agent protocol does not allow; its connection must end. The message is
 * safe to show.
 */
public final class ProtocolViolation extends RuntimeException {
  public ProtocolViolation(String message) {
    super(message, null, false, false);
  }
}

package dev.concert.foundation.lease;

/** A term in which a name is held. Thread-safe; no method but {@link #close} blocks. */
public interface LeaseTerm extends AutoCloseable {
  /** What is held. */
  String name();

  /** Greater than that of every term of this name before; at least 1. */
  long epoch();

  /** Whether the term still lasts. False before another holder may have the name. */
  boolean isHeld();

  /**
   * Refuses to go on where the term is over. To be called right before an effect that no
   * transaction fences, such as a message to somebody else's service.
   *
   * @throws LeaseLostException when it is over
   */
  default void verifyHeld() {
    if (!isHeld()) {
      throw new LeaseLostException(name(), epoch());
    }
  }

  /** Ends the term. A second call does nothing. */
  @Override
  void close();
}

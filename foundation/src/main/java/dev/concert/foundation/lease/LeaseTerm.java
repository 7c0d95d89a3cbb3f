package dev.concert.foundation.lease;

/** A term in which a name is held. Thread-safe. */
public interface LeaseTerm extends AutoCloseable {
  /** Greater than that of every term of this name before; at least 1. */
  long epoch();

  /** Whether the term still lasts. False as soon as another holder may have the name. */
  boolean isHeld();

  /** Ends the term. A second call does nothing. */
  @Override
  void close();
}

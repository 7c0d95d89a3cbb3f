package dev.concert.foundation.lease;

import java.io.IOException;
import java.util.Optional;

/** Grants names to one holder at a time. Thread-safe; every method may block. */
@FunctionalInterface
public interface Lease {
  /**
   * Takes the name, without waiting.
   *
   * @return empty when somebody else holds it
   * @throws IOException when nobody can say who holds it
   */
  Optional<LeaseTerm> tryAcquire(String name) throws IOException;
}

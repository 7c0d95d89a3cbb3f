package dev.concert.ensemble.access;

import java.util.Optional;

/** Keys that were given out and may be used now. Lookup is one read of a map; thread-safe. */
@FunctionalInterface
public interface IssuedKeys {
  /** There are none. */
  IssuedKeys NONE = token -> Optional.empty();

  Optional<Caller.IssuedKey> find(TokenHash token);
}

package dev.concert.chronicle.localsync;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A sync that must not go on until a person has looked: everything after that fails the same way,
 * so nothing is sent and nothing is taken. Thread-safe.
 */
final class Halt {
  private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());
  private final Consumer<String> told;

  /**
   * @param told is told the reason, once
   */
  Halt(Consumer<String> told) {
    this.told = told;
  }

  /** Halts. The exception is to be thrown. */
  SyncException because(String sentence) {
    if (reason.compareAndSet(Optional.empty(), Optional.of(sentence))) {
      told.accept(sentence);
    }
    return new SyncException(reason.get().orElse(sentence));
  }

  /**
   * @throws SyncException where it was halted
   */
  void check() {
    Optional<String> known = reason.get();
    if (known.isPresent()) {
      throw new SyncException(known.get());
    }
  }
}

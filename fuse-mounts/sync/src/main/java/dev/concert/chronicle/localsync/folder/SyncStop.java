package dev.concert.chronicle.localsync.folder;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A sync that must not go on until a person has looked: everything after that fails the same way,
 * so nothing is sent and nothing is taken. Thread-safe.
 */
public final class SyncStop {
  private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());
  private final Consumer<String> listener;

  /**
   * @param listener receives the reason, once
   */
  public SyncStop(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Halts. The exception is to be thrown. */
  SyncException because(String sentence) {
    if (reason.compareAndSet(Optional.empty(), Optional.of(sentence))) {
      listener.accept(sentence);
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

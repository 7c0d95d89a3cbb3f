package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;
import java.util.Optional;
import java.util.function.Supplier;

/** Something to be written down. */
sealed interface Change {
  /** The call's number in the ledger. */
  long id();

  record Opened(long id, OpenedCall call) implements Change {}

  /**
   * @param answer what is kept of its answer, made by whoever writes it
   */
  record Settled(long id, CallReport call, Optional<Supplier<byte[]>> answer) implements Change {}
}

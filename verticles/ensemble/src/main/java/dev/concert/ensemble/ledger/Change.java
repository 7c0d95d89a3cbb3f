package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;
import java.util.Optional;
import java.util.function.Supplier;

/** Something to be written down. */
sealed interface Change {

  record Opened(OpenedRow row) implements Change {}

  /**
   * @param id the call's number in the ledger
   * @param answer what is kept of its answer, made by whoever writes it
   */
  record Settled(long id, CallReport call, Optional<Supplier<byte[]>> answer) implements Change {}
}

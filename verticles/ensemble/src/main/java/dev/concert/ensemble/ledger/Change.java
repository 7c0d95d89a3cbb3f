package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;

/** Something to be written down. */
sealed interface Change {
  /** The call's number in the ledger. */
  long id();

  record Opened(long id, OpenedCall call) implements Change {}

  record Settled(long id, CallReport call) implements Change {}
}

package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;
import java.util.List;
import java.util.Optional;

/** A change to the ledger. */
sealed interface LedgerEntry {

  record Opened(OpenedCallRow row) implements LedgerEntry {}

  /**
   * @param id the call's id in the ledger
   * @param accounts the ids of the accounts that pay for it
   * @param answer the response to store
   */
  record Settled(long id, List<String> accounts, CallReport call, Optional<AnswerBody> answer)
      implements LedgerEntry {}

  /**
   * The calls of a deleted tenant's agents name nobody any more.
   *
   * @param from id of the first call that is looked at
   * @param to id of the last one
   */
  record Forgotten(String tenantId, long from, long to) implements LedgerEntry {}
}

package dev.concert.ensemble.ledger;

import dev.concert.ensemble.model.TokenCount;
import dev.concert.text.ShortText;
import java.util.List;

/**
 * The row of an open call, with the estimate of its usage.
 *
 * @param id its id in the ledger
 * @param sessionId shortened to the ledger's limit; empty if there is none
 * @param cost the estimated cost in US dollars, as a plain decimal, or {@code unknown}
 * @param startedMs milliseconds since the epoch
 * @param turnId empty if there is none, as in rows that an earlier version left
 * @param accounts the ids of the accounts that pay for it; a row of an earlier version has those of
 *     its key and customer
 * @param reason why its endpoint was chosen; empty in rows that an earlier version left
 */
record OpenedCallRow(
    long id,
    String requestId,
    String keyId,
    String customerId,
    String sessionId,
    String form,
    String model,
    String provider,
    String endpoint,
    long inputTokens,
    long outputTokens,
    String cost,
    long startedMs,
    String turnId,
    List<String> accounts,
    String reason) {
  /** The header comes from the client and may have any length. */
  private static final int LONGEST_SESSION = 256;

  OpenedCallRow {
    turnId = turnId == null ? "" : turnId;
    accounts = accounts == null ? SpentTable.accounts(keyId, customerId) : List.copyOf(accounts);
    reason = reason == null ? "" : reason;
  }

  static OpenedCallRow of(long id, OpenedCall call) {
    TokenCount likely = call.estimate().likelyTokens();
    return new OpenedCallRow(
        id,
        call.requestId(),
        call.caller().id(),
        call.caller().customer(),
        call.session().map(OpenedCallRow::cut).orElse(""),
        call.form(),
        call.model().id(),
        call.model().provider(),
        call.endpoint(),
        likely.input(),
        likely.output(),
        call.model().price().writtenCost(likely),
        call.at().toEpochMilli(),
        call.turn().orElse(""),
        call.accounts(),
        call.reason());
  }

  private static String cut(String session) {
    return ShortText.of(session, LONGEST_SESSION);
  }
}

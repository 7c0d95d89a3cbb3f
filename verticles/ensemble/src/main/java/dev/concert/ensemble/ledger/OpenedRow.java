package dev.concert.ensemble.ledger;

import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.TokenCount;

/**
 * A call as it is written down before it is made: with the estimate of what it will use.
 *
 * @param id its number in the ledger
 * @param sessionId cut to what the ledger takes; empty where there is none
 * @param cost US dollars that the estimate costs, as a plain decimal
 * @param startedMs since the epoch
 */
record OpenedRow(
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
    long startedMs) {
  /** A client may send a header of any length. */
  private static final int LONGEST_SESSION = 256;

  static OpenedRow of(long id, OpenedCall call) {
    TokenCount likely = call.estimate().likelyTokens();
    return new OpenedRow(
        id,
        call.requestId(),
        call.caller().id(),
        call.caller().customer(),
        call.session().map(OpenedRow::cut).orElse(""),
        call.form(),
        call.model().id(),
        call.model().provider(),
        call.endpoint(),
        likely.input(),
        likely.output(),
        Price.plain(call.model().price().cost(likely)),
        call.at().toEpochMilli());
  }

  private static String cut(String session) {
    return session.substring(0, Math.min(session.length(), LONGEST_SESSION));
  }
}

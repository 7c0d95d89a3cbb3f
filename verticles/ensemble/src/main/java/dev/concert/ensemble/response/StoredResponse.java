package dev.concert.ensemble.response;

import dev.concert.ensemble.ledger.report.LedgerRow;
import dev.concert.error.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A stored response.
 *
 * @param call its row in the usage ledger
 * @param response the whole response as JSON, as it was sent; empty if the call failed
 * @param problem why the call failed
 * @param blocks the JSON of each block; empty if they were too many to store
 */
public record StoredResponse(
    LedgerRow call, Optional<String> response, Optional<Problem> problem, List<String> blocks) {}

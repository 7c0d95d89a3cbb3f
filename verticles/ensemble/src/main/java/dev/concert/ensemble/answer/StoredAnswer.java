package dev.concert.ensemble.answer;

import dev.concert.ensemble.ledger.LedgerRow;
import dev.concert.error.Problem;
import java.util.List;
import java.util.Optional;

/**
 * An answer that has ended and is kept.
 *
 * @param call what the books say of it
 * @param response the whole answer as JSON, as it was sent; empty where the call failed
 * @param problem why it failed
 * @param blocks as they came, each as JSON; empty where they were too many to keep
 */
public record StoredAnswer(
    LedgerRow call, Optional<String> response, Optional<Problem> problem, List<String> blocks) {}

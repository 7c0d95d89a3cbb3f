package dev.concert.ensemble.guardrail;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.util.List;

/** Checks texts. Thread-safe; never blocks. */
sealed interface Guardrail permits PatternGuardrail, ServiceGuardrail {

  GuardrailOptions options();

  /**
   * Checks the texts of a request or an answer.
   *
   * @param callId the same for the request and its answer
   * @return as many texts, perhaps changed; fails with {@code GUARDRAIL_BLOCKED} if they may not
   *     pass
   */
  Future<List<String>> check(GuardrailOptions.Moment moment, String callId, List<String> texts);

  /**
   * @param reason without what was found
   */
  default ConcertException blocked(String reason) {
    return new ConcertException(
        ErrorCode.GUARDRAIL_BLOCKED,
        "The guardrail '%s' does not let this pass: %s".formatted(options().name(), reason));
  }
}

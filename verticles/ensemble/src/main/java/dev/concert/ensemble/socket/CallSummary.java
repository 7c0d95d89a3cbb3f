package dev.concert.ensemble.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.concert.ensemble.message.RoutingSummary;
import java.math.BigDecimal;

/**
 * The facts of a call that HTTP sends as headers.
 *
 * @param overheadMs the time that Ensemble itself took until the first block, or until the end if
 *     there was none: milliseconds, to the microsecond
 * @param routing where the call went and why; null if no provider was called, and if the response
 *     has it
 * @param rateLimit null for a key without limits
 */
record CallSummary(
    @JsonProperty("overhead_ms") BigDecimal overheadMs,
    RoutingSummary routing,
    @JsonProperty("rate_limit") RateLimitBody rateLimit) {}

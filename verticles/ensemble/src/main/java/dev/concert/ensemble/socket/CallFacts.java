package dev.concert.ensemble.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.concert.ensemble.routing.Routing;
import java.math.BigDecimal;

/**
 * What the headers of HTTP say of a call, at its end.
 *
 * @param overheadMs what Ensemble itself took until the first block, or the end where there was
 *     none: milliseconds, to the microsecond
 * @param routing why it went where it went; null where nobody was asked, and where the response
 *     says it
 * @param rateLimit null for a key without limits
 */
record CallFacts(
    @JsonProperty("overhead_ms") BigDecimal overheadMs,
    Routing routing,
    @JsonProperty("rate_limit") RateLimitBody rateLimit) {}

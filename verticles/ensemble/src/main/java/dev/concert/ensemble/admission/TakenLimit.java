package dev.concert.ensemble.admission;

import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import java.time.Instant;

/**
 * What a call has taken from the limit of its key or of its team.
 *
 * @param limit {@link RateLimit#NONE} without one
 * @param resets when nothing that is used now counts any more
 */
record TakenLimit(RateDecision.Granted granted, RateLimit limit, Instant resets) {}

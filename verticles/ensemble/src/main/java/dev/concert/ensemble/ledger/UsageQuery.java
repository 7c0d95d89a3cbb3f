package dev.concert.ensemble.ledger;

import java.time.Instant;

/**
 * Which calls: those of a key that began in a span of time.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record UsageQuery(String keyId, Instant from, Instant to) {}

package dev.concert.ensemble.ledger.report;

import java.time.Instant;

/**
 * Selects the calls of a subject that began in a range of time.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record UsageQuery(UsageSubject subject, Instant from, Instant to) {}

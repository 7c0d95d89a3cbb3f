package dev.concert.ensemble.key;

import dev.concert.ensemble.budget.Budget;
import java.time.Instant;
import java.util.Optional;

/**
 * Whom keys are given to.
 *
 * @param budget holds for all keys of the customer together
 */
public record Customer(
    String id, String name, String email, Optional<Budget> budget, Instant createdAt) {}

package dev.concert.ensemble.key;

import dev.concert.ensemble.budget.Budget;
import java.time.Instant;
import java.util.Optional;

/**
 * A customer, who holds API keys.
 *
 * @param budget for all keys of the customer together
 */
public record Customer(
    String id, String name, String email, Optional<Budget> budget, Instant createdAt) {}

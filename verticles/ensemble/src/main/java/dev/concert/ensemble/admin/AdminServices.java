package dev.concert.ensemble.admin;

import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.ledger.report.UsageReader;
import dev.concert.ensemble.secret.ProviderKeys;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the admin API reads and changes. An empty part has no routes.
 *
 * @param accounts API keys and customers
 * @param budgets what is spent
 * @param usage the usage ledger
 * @param providerKeys keys of providers
 * @param isModel whether clients can name this model
 */
public record AdminServices(
    Optional<AsyncKeyStore> accounts,
    BudgetReservations budgets,
    Optional<UsageReader> usage,
    Optional<ProviderKeys> providerKeys,
    Predicate<String> isModel,
    StatusServices status) {}

package dev.concert.ensemble.admin;

import dev.concert.ensemble.ledger.UsageReader;
import dev.concert.ensemble.secret.ProviderKeys;
import java.util.Optional;

/**
 * What the admin API is about; a part that is empty has no routes.
 *
 * @param accounts keys that are given out
 * @param books what calls used
 * @param providerKeys keys of providers
 */
public record AdminSources(
    Optional<Accounts> accounts,
    Optional<UsageReader> books,
    Optional<ProviderKeys> providerKeys,
    StatusSources status) {}

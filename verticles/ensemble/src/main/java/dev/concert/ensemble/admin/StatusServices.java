package dev.concert.ensemble.admin;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.routing.CallRouter;
import dev.concert.ensemble.routing.EnsembleHealth;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The sources of the status.
 *
 * @param providers the providers served now
 * @param redis {@code connected}, {@code away} or {@code off}
 * @param keys the number of enabled API keys
 */
public record StatusServices(
    EnsembleHealth health,
    Supplier<List<Provider>> providers,
    RateLimiters limiters,
    CallRouter calls,
    Supplier<String> redis,
    IntSupplier keys) {}

package dev.concert.ensemble.admin;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.routing.EnsembleHealth;
import dev.concert.ensemble.routing.Router;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Who knows how Ensemble is.
 *
 * @param providers those of now
 * @param redis {@code connected}, {@code away} or {@code off}
 * @param keys how many may be used now
 */
public record StatusSources(
    EnsembleHealth health,
    Supplier<List<Provider>> providers,
    RateLimiters limiters,
    Router calls,
    Supplier<String> redis,
    IntSupplier keys) {}

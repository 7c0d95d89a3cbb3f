package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * Where a call went and why, for clients.
 *
 * @param endpoint the endpoint that answered
 * @param reason for example {@code cache_strong} or {@code least_used}
 * @param attempts how many endpoints were called; the last one answered
 * @param estimatedValue US dollars that the provider's cache was expected to save
 * @param costPenalty US dollars that the call was expected to cost more there than at the cheapest
 *     endpoint for the model
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RoutingSummary(
    String endpoint,
    String reason,
    int attempts,
    String estimatedValue,
    boolean cacheOptimized,
    String costPenalty) {}

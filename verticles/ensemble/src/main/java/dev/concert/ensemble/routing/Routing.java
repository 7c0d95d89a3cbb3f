package dev.concert.ensemble.routing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.model.Price;
import java.util.Locale;

/**
 * Why a call went where it went, for whoever reads the answer.
 *
 * @param endpoint which way to which provider
 * @param reason for example {@code cache_strong} or {@code least_used}
 * @param attempts how many endpoints were tried, the last one answered
 * @param estimatedValue US dollars that the provider's cache was expected to save
 * @param costPenalty US dollars that the call was expected to cost more there than at the cheapest
 *     of those that serve the model
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Routing(
    String endpoint,
    String reason,
    int attempts,
    String estimatedValue,
    boolean cacheOptimized,
    String costPenalty) {

  public static Routing of(Attempt attempt) {
    return new Routing(
        attempt.endpoint().id(),
        attempt.decision().reason().name().toLowerCase(Locale.ROOT),
        attempt.number(),
        Price.plain(attempt.decision().estimatedValue()),
        attempt.decision().cacheOptimized(),
        Price.plain(attempt.decision().costPenalty()));
  }
}

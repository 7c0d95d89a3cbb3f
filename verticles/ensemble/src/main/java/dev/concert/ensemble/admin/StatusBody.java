package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;

/**
 * The answer of {@code GET /admin/status}.
 *
 * @param status {@code ok} or {@code degraded}
 * @param redis {@code connected}, {@code away}, or {@code off} where none is configured
 * @param providers by the name of each way to a provider
 * @param keys that may be used now
 */
@JsonNaming(SnakeCaseStrategy.class)
record StatusBody(
    String status, long uptimeS, String redis, Map<String, Way> providers, int keys, Cache cache) {

  /**
   * One way to a provider, in this minute and by this node.
   *
   * @param utilization the fuller one of its two limits, 0 to 1 and beyond; null without limits
   * @param rateLimitRpm null where there is none
   * @param rateLimitTpm likewise
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Way(
      String health,
      long requests,
      long tokens,
      Long rateLimitRpm,
      Long rateLimitTpm,
      Double utilization) {}

  /** What is remembered of where prompts were read, and of where sessions were. */
  record Cache(long prompts, long sessions) {}
}

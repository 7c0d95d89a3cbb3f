package dev.concert.ensemble.admin;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;

/**
 * The answer of {@code GET /admin/status}.
 *
 * @param status {@code ok} or {@code degraded}
 * @param redis {@code connected}, {@code away}, or {@code off} where none is configured
 * @param providers by the name of the provider's endpoint
 * @param keys the number of enabled API keys
 */
@JsonNaming(SnakeCaseStrategy.class)
record AdminStatusBody(
    String status, long uptimeS, String redis, Map<String, Way> providers, int keys, Cache cache) {

  /**
   * One endpoint of a provider, in the last minute and on this node.
   *
   * @param utilization of the fuller one of its two limits, 0 to 1 or more; null without limits
   * @param rateLimitRpm requests a minute; null without a limit
   * @param rateLimitTpm tokens a minute; null without a limit
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Way(
      String health,
      long requests,
      long tokens,
      Long rateLimitRpm,
      Long rateLimitTpm,
      Double utilization) {}

  /** The sizes of the routing memory: prompts that providers have cached, and sessions. */
  record Cache(long prompts, long sessions) {}
}

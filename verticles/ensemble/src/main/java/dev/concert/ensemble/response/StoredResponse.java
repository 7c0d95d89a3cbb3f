package dev.concert.ensemble.response;

import dev.concert.error.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A stored response.
 *
 * @param response the whole response as JSON, as it was sent; empty if the call failed
 * @param problem why the call failed
 * @param blocks the JSON of each block; empty if they were too many to store
 */
public record StoredResponse(
    Facts call, Optional<String> response, Optional<Problem> problem, List<String> blocks) {
  /**
   * Of its call.
   *
   * @param startedAt ISO 8601, as is the other time
   */
  public record Facts(
      String requestId, String startedAt, String endedAt, String model, String provider) {}
}

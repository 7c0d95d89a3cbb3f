package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.response.LiveResponse;
import dev.concert.ensemble.response.StoredResponse;

/**
 * The answer of {@code GET /api/v1/status/{id}}.
 *
 * @param status {@code pending}, {@code streaming}, {@code completed} or {@code failed}
 * @param createdAt ISO 8601
 * @param completedAt null while the call is in progress
 * @param blocks the number of blocks so far; null if they are no longer stored
 */
@JsonNaming(SnakeCaseStrategy.class)
record CallStatusBody(
    String requestId,
    String status,
    String createdAt,
    String completedAt,
    String model,
    String provider,
    Integer blocks) {

  static CallStatusBody of(LiveResponse answer) {
    return new CallStatusBody(
        answer.identity().requestId(),
        answer.streaming() ? "streaming" : "pending",
        answer.began().toString(),
        null,
        answer.model().map(ServedModel::id).orElse(null),
        answer.model().map(ServedModel::provider).orElse(null),
        answer.count());
  }

  static CallStatusBody of(StoredResponse answer) {
    return new CallStatusBody(
        answer.call().requestId(),
        answer.response().isPresent() ? "completed" : "failed",
        answer.call().startedAt(),
        answer.call().endedAt(),
        answer.call().model(),
        answer.call().provider(),
        answer.blocks().isEmpty() ? null : answer.blocks().size());
  }
}

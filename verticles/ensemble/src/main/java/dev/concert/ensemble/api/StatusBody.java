package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.answer.KeptAnswer;
import dev.concert.ensemble.answer.StoredAnswer;
import dev.concert.ensemble.model.ServedModel;

/**
 * The answer of {@code GET /api/v1/status/{id}}.
 *
 * @param status {@code pending}, {@code streaming}, {@code completed} or {@code failed}
 * @param createdAt ISO 8601
 * @param completedAt null while it is under way
 * @param blocks how many have come; null where they are no longer known
 */
@JsonNaming(SnakeCaseStrategy.class)
record StatusBody(
    String requestId,
    String status,
    String createdAt,
    String completedAt,
    String model,
    String provider,
    Integer blocks) {

  static StatusBody of(KeptAnswer answer) {
    return new StatusBody(
        answer.identity().requestId(),
        answer.streaming() ? "streaming" : "pending",
        answer.began().toString(),
        null,
        answer.model().map(ServedModel::id).orElse(null),
        answer.model().map(ServedModel::provider).orElse(null),
        answer.count());
  }

  static StatusBody of(StoredAnswer answer) {
    return new StatusBody(
        answer.call().requestId(),
        answer.response().isPresent() ? "completed" : "failed",
        answer.call().startedAt(),
        answer.call().endedAt(),
        answer.call().model(),
        answer.call().provider(),
        answer.blocks().isEmpty() ? null : answer.blocks().size());
  }
}

package dev.concert.ensemble.ledger;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A call as it is in the books, and as it is given out: one line of an export.
 *
 * @param id counts up in the order in which calls began
 * @param audioTokens the part of {@code inputTokens} that was sound
 * @param cachedAudioTokens the part of {@code cachedTokens} that was sound
 * @param estimated whether the tokens were not counted by the provider
 * @param cost US dollars, exact, as a plain decimal
 * @param startedAt ISO 8601, as are the other times
 * @param firstBlockAt null where there was no block
 * @param endedAt null while it is under way
 * @param outcome {@code open} while it is under way
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LedgerRow(
    long id,
    String requestId,
    String keyId,
    String customerId,
    String sessionId,
    String form,
    String model,
    String provider,
    String endpoint,
    long inputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    long audioTokens,
    long cachedAudioTokens,
    boolean estimated,
    String cost,
    String startedAt,
    String firstBlockAt,
    String endedAt,
    int attempts,
    String outcome) {

  static LedgerRow of(ResultSet row) throws SQLException {
    return new LedgerRow(
        row.getLong("id"),
        row.getString("request_id"),
        row.getString("key_id"),
        row.getString("customer_id"),
        row.getString("session_id"),
        row.getString("form"),
        row.getString("model"),
        row.getString("provider"),
        row.getString("endpoint"),
        row.getLong("input_tokens"),
        row.getLong("cached_tokens"),
        row.getLong("cache_write_tokens"),
        row.getLong("output_tokens"),
        row.getLong("reasoning_tokens"),
        row.getLong("audio_tokens"),
        row.getLong("cached_audio_tokens"),
        row.getInt("estimated") == 1,
        row.getString("cost"),
        time(row, "started_ms"),
        time(row, "first_block_ms"),
        time(row, "ended_ms"),
        row.getInt("attempts"),
        row.getString("outcome"));
  }

  /** Whether it is still under way, so that its numbers are an estimate. */
  boolean open() {
    return endedAt == null;
  }

  private static String time(ResultSet row, String column) throws SQLException {
    long ms = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(ms).toString();
  }
}

package dev.concert.ensemble.ledger.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A call of the usage ledger, as it is exported: one line.
 *
 * @param id increases in the order in which calls began
 * @param audioTokens the part of {@code inputTokens} that was audio
 * @param cachedAudioTokens the part of {@code cachedTokens} that was audio
 * @param estimated whether the tokens are an estimate because the provider sent no count
 * @param cost US dollars, exact, as a plain decimal; {@code unknown} for a model without a price
 * @param startedAt ISO 8601, as are the other times
 * @param firstBlockAt null if there was no block
 * @param endedAt null while the call is in progress
 * @param outcome {@code open} while the call is in progress
 * @param teamId the team of its key; empty without one
 * @param reason why its last endpoint was chosen; empty for calls of earlier versions
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
    String outcome,
    String teamId,
    String reason) {

  /** Reads a row of the table {@code calls}. */
  public static LedgerRow of(ResultSet row) throws SQLException {
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
        row.getString("outcome"),
        row.getString("team_id"),
        row.getString("reason"));
  }

  /** Whether the call is in progress, so that its numbers are estimates. */
  public boolean open() {
    return endedAt == null;
  }

  private static String time(ResultSet row, String column) throws SQLException {
    long ms = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(ms).toString();
  }
}

package dev.concert.ensemble.ledger;

import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.CallReport;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;

/**
 * How calls lie in the ledger's table. A row is written as open with the estimate of what the call
 * will use, and gets what it did use when it ends.
 */
final class CallRows {
  static final String SCHEMA =
      """
      CREATE TABLE calls (
        id INTEGER PRIMARY KEY, request_id TEXT NOT NULL, key_id TEXT NOT NULL,
        customer_id TEXT NOT NULL, session_id TEXT NOT NULL, form TEXT NOT NULL,
        model TEXT NOT NULL, provider TEXT NOT NULL, endpoint TEXT NOT NULL,
        input_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
        cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
        reasoning_tokens INTEGER NOT NULL, estimated INTEGER NOT NULL, cost TEXT NOT NULL,
        started_ms INTEGER NOT NULL, first_block_ms INTEGER, ended_ms INTEGER,
        attempts INTEGER NOT NULL, outcome TEXT NOT NULL) STRICT;
      CREATE INDEX calls_of_key ON calls (key_id, started_ms);
      CREATE INDEX open_calls ON calls (id) WHERE ended_ms IS NULL;
      """;

  /** Sound has prices of its own: without its tokens nobody could check a cost by the row. */
  static final String AUDIO_SCHEMA =
      """
      ALTER TABLE calls ADD COLUMN audio_tokens INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE calls ADD COLUMN cached_audio_tokens INTEGER NOT NULL DEFAULT 0;
      """;

  /** How a call ended of which nothing was heard again. */
  static final String INTERRUPTED = "interrupted";

  static final String INSERT =
      "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 1, ?, ?, NULL, NULL, 1,"
          + " 'open', 0, 0)";

  /** For a call that may be there already. */
  static final String INSERT_MISSING = INSERT.replaceFirst("INSERT", "INSERT OR IGNORE");

  static final String UPDATE =
      "UPDATE calls SET model = ?, provider = ?, endpoint = ?, input_tokens = ?, cached_tokens = ?,"
          + " cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?, estimated = ?,"
          + " cost = ?, first_block_ms = ?, ended_ms = ?, attempts = ?, outcome = ?,"
          + " audio_tokens = ?, cached_audio_tokens = ? WHERE id = ?";

  private CallRows() {}

  static void insert(PreparedStatement row, OpenedRow call) throws SQLException {
    row.setLong(1, call.id());
    row.setString(2, call.requestId());
    row.setString(3, call.keyId());
    row.setString(4, call.customerId());
    row.setString(5, call.sessionId());
    row.setString(6, call.form());
    row.setString(7, call.model());
    row.setString(8, call.provider());
    row.setString(9, call.endpoint());
    row.setLong(10, call.inputTokens());
    row.setLong(11, call.outputTokens());
    row.setString(12, call.cost());
    row.setLong(13, call.startedMs());
    row.executeUpdate();
  }

  static void settle(PreparedStatement row, Change.Settled settled) throws SQLException {
    CallReport call = settled.call();
    TokenCount tokens = call.tokens();
    row.setString(1, call.model().id());
    row.setString(2, call.model().provider());
    row.setString(3, call.endpoint());
    row.setLong(4, tokens.input());
    row.setLong(5, tokens.cached());
    row.setLong(6, tokens.cacheWrite());
    row.setLong(7, tokens.output());
    row.setLong(8, tokens.reasoning());
    row.setInt(9, tokens.estimated() ? 1 : 0);
    row.setString(10, call.plainCost());
    Optional<Instant> first = call.times().firstBlock();
    if (first.isPresent()) {
      row.setLong(11, first.get().toEpochMilli());
    } else {
      row.setNull(11, Types.INTEGER);
    }
    row.setLong(12, call.times().ended().toEpochMilli());
    row.setInt(13, call.attempts());
    row.setString(14, call.end().outcome());
    row.setLong(15, tokens.audio());
    row.setLong(16, tokens.cachedAudio());
    row.setLong(17, settled.id());
    row.executeUpdate();
  }
}

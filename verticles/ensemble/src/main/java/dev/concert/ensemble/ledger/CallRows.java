package dev.concert.ensemble.ledger;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.CallReport;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The ledger's table of calls. A row is inserted as open with the estimated usage and updated with
 * the real usage when the call ends.
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

  /** Audio has prices of its own; without its tokens a cost could not be checked by its row. */
  static final String AUDIO_SCHEMA =
      """
      ALTER TABLE calls ADD COLUMN audio_tokens INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE calls ADD COLUMN cached_audio_tokens INTEGER NOT NULL DEFAULT 0;
      """;

  /** Only calls with an allowance have a turn, so that the index costs others nothing. */
  static final String TURN_SCHEMA =
      """
      ALTER TABLE calls ADD COLUMN turn_id TEXT NOT NULL DEFAULT '';
      CREATE INDEX calls_of_turn ON calls (turn_id) WHERE turn_id <> '';
      """;

  /**
   * The accounts that pay for a call, one a line, so that a call that a crash cut off counts in
   * each of them; empty in rows of an earlier version.
   */
  static final String TEAM_SCHEMA =
      """
      ALTER TABLE calls ADD COLUMN team_id TEXT NOT NULL DEFAULT '';
      ALTER TABLE calls ADD COLUMN accounts TEXT NOT NULL DEFAULT '';
      ALTER TABLE calls ADD COLUMN reason TEXT NOT NULL DEFAULT '';
      CREATE INDEX calls_of_team ON calls (team_id, started_ms) WHERE team_id <> '';
      """;

  /** The outcome of a call that was open when the process ended. */
  static final String INTERRUPTED = "interrupted";

  static final String INSERT =
      "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 1, ?, ?, NULL, NULL, 1,"
          + " 'open', 0, 0, ?, ?, ?, ?)";

  /** For a call whose row may exist already. */
  static final String INSERT_MISSING = INSERT.replaceFirst("INSERT", "INSERT OR IGNORE");

  static final String UPDATE =
      "UPDATE calls SET model = ?, provider = ?, endpoint = ?, input_tokens = ?, cached_tokens = ?,"
          + " cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?, estimated = ?,"
          + " cost = ?, first_block_ms = ?, ended_ms = ?, attempts = ?, outcome = ?,"
          + " audio_tokens = ?, cached_audio_tokens = ?, reason = ? WHERE id = ?";

  /** What the calls cost, and when they were made, stays. */
  static final String FORGET =
      "UPDATE calls SET request_id = '', key_id = '"
          + Caller.Instance.PREFIX
          + "', customer_id = '', session_id = '', turn_id = '' WHERE id BETWEEN ? AND ? AND"
          + " customer_id = ? AND substr(key_id, 1, "
          + Caller.Instance.PREFIX.length()
          + ") = '"
          + Caller.Instance.PREFIX
          + "'";

  /** No id of an account has a line break. */
  private static final String BETWEEN = "\n";

  private CallRows() {}

  /** The accounts that pay for a call. */
  static List<String> accounts(ResultSet row) throws SQLException {
    String written = row.getString("accounts");
    return written.isEmpty()
        ? SpentTable.accounts(row.getString("key_id"), row.getString("customer_id"))
        : List.of(written.split(BETWEEN));
  }

  static void forget(PreparedStatement update, LedgerEntry.Forgotten calls) throws SQLException {
    update.setLong(1, calls.from());
    update.setLong(2, calls.to());
    update.setString(3, calls.tenantId());
    update.executeUpdate();
  }

  static void insert(PreparedStatement row, OpenedCallRow call) throws SQLException {
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
    row.setString(14, call.turnId());
    row.setString(15, BudgetAccount.teamOf(call.accounts()));
    row.setString(16, String.join(BETWEEN, call.accounts()));
    row.setString(17, call.reason());
    row.executeUpdate();
  }

  static void settle(PreparedStatement row, LedgerEntry.Settled settled) throws SQLException {
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
    row.setString(10, call.writtenCost());
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
    row.setString(17, call.reason());
    row.setLong(18, settled.id());
    row.executeUpdate();
  }
}

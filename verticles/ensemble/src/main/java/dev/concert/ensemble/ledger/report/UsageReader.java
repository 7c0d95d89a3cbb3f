package dev.concert.ensemble.ledger.report;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the usage ledger on a connection of its own, without blocking the writer.
 *
 * <p>Thread-safe; every method blocks.
 */
public final class UsageReader implements AutoCloseable {
  static final int PAGE = 1_000;

  /** More groups are better served by an export. */
  static final int MOST_GROUPS = 10_000;

  private final SqliteDatabase database;

  /**
   * @param database the ledger's file, opened for this reader alone; closed with it
   */
  public UsageReader(SqliteDatabase database) {
    this.database = database;
  }

  /**
   * The next page of calls in the order in which they began; a page that is not full is the last.
   *
   * @param after the last call of the page before; empty: from the beginning
   */
  public List<LedgerRow> page(UsageQuery query, Optional<LedgerRow> after) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(query.subject().select() + PAGE)) {
            select.setString(1, query.subject().id());
            select.setLong(2, query.from().toEpochMilli());
            select.setLong(3, query.to().toEpochMilli());
            select.setLong(4, after.map(UsageReader::began).orElse(Long.MIN_VALUE));
            select.setLong(5, after.map(LedgerRow::id).orElse(-1L));
            return rows(select);
          }
        });
  }

  /** The calls that a turn pays for, in the order in which they began. */
  public List<LedgerRow> ofTurn(String turnId) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT * FROM calls WHERE turn_id = ? AND turn_id <> '' ORDER BY id")) {
            select.setString(1, turnId);
            return rows(select);
          }
        });
  }

  /**
   * The ids of the calls of a batch that are recorded.
   *
   * @param beginning of the ids of its calls
   */
  public Set<String> ofBatch(String keyId, String beginning) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT request_id FROM calls WHERE key_id = ? AND form = 'batch' AND"
                      + " substr(request_id, 1, ?) = ?")) {
            select.setString(1, keyId);
            select.setInt(2, beginning.length());
            select.setString(3, beginning);
            Set<String> ids = new HashSet<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                ids.add(row.getString(1));
              }
            }
            return ids;
          }
        });
  }

  /** The latest calls of all keys, the newest first. */
  public List<LedgerRow> latest(CallQuery wanted) {
    return database.read(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(wanted.sql())) {
            wanted.fill(select);
            return rows(select);
          }
        });
  }

  private static List<LedgerRow> rows(PreparedStatement select) throws SQLException {
    List<LedgerRow> rows = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(LedgerRow.of(row));
      }
    }
    return rows;
  }

  /** Whether another page may follow. */
  public static boolean isFull(List<LedgerRow> page) {
    return page.size() == PAGE;
  }

  /**
   * The totals of each group, by the group's name, in the order in which groups were first seen.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} if there are more than 10,000 groups
   */
  public Map<String, UsageTotals> sums(UsageQuery query, UsageGroupBy grouping) {
    Map<String, UsageTotals> sums = new LinkedHashMap<>();
    Optional<LedgerRow> last = Optional.empty();
    List<LedgerRow> page;
    do {
      page = page(query, last);
      for (LedgerRow row : page) {
        sums.merge(grouping.of(row), UsageTotals.of(row), UsageTotals::plus);
      }
      if (sums.size() > MOST_GROUPS) {
        throw new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            "group_by: more than %d groups. Use a shorter time range, or an export."
                .formatted(MOST_GROUPS));
      }
      last = page.isEmpty() ? Optional.empty() : Optional.of(page.getLast());
    } while (isFull(page));
    return sums;
  }

  @Override
  public void close() {
    database.close();
  }

  private static long began(LedgerRow row) {
    return Instant.parse(row.startedAt()).toEpochMilli();
  }
}

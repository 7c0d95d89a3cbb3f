package dev.concert.ensemble.ledger;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the books beside whoever writes them, which it does not hold up.
 *
 * <p>Thread-safe; every method blocks.
 */
public final class UsageReader implements AutoCloseable {
  static final int PAGE = 1_000;

  /** More groups are no report but an export. */
  static final int MOST_GROUPS = 10_000;

  private static final String QUERY =
      "SELECT * FROM calls WHERE key_id = ? AND (started_ms, id) > (?, ?) AND started_ms < ?"
          + " ORDER BY started_ms, id LIMIT "
          + PAGE;

  private final SqliteDatabase database;

  UsageReader(Path file) {
    this.database = SqliteDatabase.open(file, LedgerFile.SCHEMAS);
  }

  /**
   * The next calls in the order in which they began; fewer than a page are the last ones.
   *
   * @param after the last one of the page before; empty: from the beginning
   */
  public List<LedgerRow> page(UsageQuery query, Optional<LedgerRow> after) {
    return database.read(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(QUERY)) {
            select.setString(1, query.keyId());
            select.setLong(2, after.map(UsageReader::began).orElse(query.from().toEpochMilli()));
            select.setLong(3, after.map(LedgerRow::id).orElse(-1L));
            select.setLong(4, query.to().toEpochMilli());
            return rows(select);
          }
        });
  }

  /** The latest calls of all keys, the last first. */
  public List<LedgerRow> latest(LatestCalls wanted) {
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

  /** Whether there may be more behind a page. */
  public static boolean isFull(List<LedgerRow> page) {
    return page.size() == PAGE;
  }

  /**
   * What calls used, put together by something; by name, in the order in which each was first seen.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} where there would be more than 10,000 groups
   */
  public Map<String, UsageSum> sums(UsageQuery query, UsageGrouping grouping) {
    Map<String, UsageSum> sums = new LinkedHashMap<>();
    Optional<LedgerRow> last = Optional.empty();
    List<LedgerRow> page;
    do {
      page = page(query, last);
      for (LedgerRow row : page) {
        sums.merge(grouping.of(row), UsageSum.of(row), UsageSum::plus);
      }
      if (sums.size() > MOST_GROUPS) {
        throw new ConcertException(
            ErrorCode.INVALID_MESSAGE,
            "group_by: more than %d groups; ask for a shorter time, or for an export."
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

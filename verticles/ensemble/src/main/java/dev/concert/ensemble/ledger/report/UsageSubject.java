package dev.concert.ensemble.ledger.report;

import java.util.Optional;

/**
 * Whose calls a usage report counts: those of a key, of a team, or all.
 *
 * @param kind which of them
 * @param id of the key or team; empty for all
 */
public record UsageSubject(Kind kind, String id) {
  /** All callers. */
  public static final UsageSubject ALL = new UsageSubject(Kind.ALL, "");

  private static final String BY_TIME =
      " AND (started_ms, id) > (?4, ?5) ORDER BY started_ms, id LIMIT ";

  /** No index has all calls by time, but their ids increase with it. */
  private static final String BY_ID = " AND ?4 IS NOT NULL AND id > ?5 ORDER BY id LIMIT ";

  /** What a report is about. */
  public enum Kind {
    KEY("key_id = ?1", BY_TIME),
    TEAM("team_id = ?1 AND team_id <> ''", BY_TIME),
    ALL("?1 = ''", BY_ID);

    private final String condition;
    private final String order;

    Kind(String condition, String order) {
      this.condition = condition;
      this.order = order;
    }
  }

  public static UsageSubject key(String id) {
    return new UsageSubject(Kind.KEY, id);
  }

  public static UsageSubject team(String id) {
    return new UsageSubject(Kind.TEAM, id);
  }

  /** The name of the id in JSON; empty for all callers. */
  public Optional<String> field() {
    return switch (kind) {
      case KEY -> Optional.of("key_id");
      case TEAM -> Optional.of("team_id");
      case ALL -> Optional.empty();
    };
  }

  /**
   * The query for a page of its calls, without the size. Its parameters are {@link #id}, the begin
   * and the end of the range, and of the last call before the page the begin and the id.
   */
  String select() {
    return "SELECT * FROM calls WHERE "
        + kind.condition
        + " AND started_ms >= ?2 AND started_ms < ?3"
        + kind.order;
  }
}

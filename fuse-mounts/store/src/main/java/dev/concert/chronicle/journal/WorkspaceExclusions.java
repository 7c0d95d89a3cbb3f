package dev.concert.chronicle.journal;

import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.sql.ResultSet;
import java.util.List;
import java.util.Optional;

/**
 * Which paths of a workspace have no iterations: by patterns of its own, or by those of the server.
 * Thread-safe; every method but {@link #isExcluded} and {@link #excluded} blocks.
 */
public final class WorkspaceExclusions {
  private static final String FIND = "SELECT excluded FROM versioning";
  private static final String SET =
      "INSERT OR REPLACE INTO versioning (id, excluded) VALUES (0, ?)";
  private static final String CLEAR = "DELETE FROM versioning";

  private final SqliteDatabase database;
  private final PreparedStatements statements;
  private final VersioningPolicy usual;
  private volatile VersioningPolicy policy;

  /**
   * @param usual patterns of a workspace that has none of its own
   */
  WorkspaceExclusions(SqliteDatabase database, PreparedStatements statements, List<String> usual) {
    this.database = database;
    this.statements = statements;
    this.usual = new VersioningPolicy(usual, List.of());
    this.policy = own().map(WorkspaceExclusions::policy).orElse(this.usual);
  }

  private static VersioningPolicy policy(List<String> patterns) {
    return new VersioningPolicy(patterns, List.of());
  }

  /** The workspace's own patterns; empty where those of the server hold. */
  public Optional<List<String>> own() {
    return database.read(
        connection -> {
          try (ResultSet row = statements.with(connection, FIND).executeQuery()) {
            return row.next()
                ? Optional.of(row.getString(1).lines().toList())
                : Optional.<List<String>>empty();
          }
        });
  }

  /** From now on; what an excluded path had before stays. */
  public void set(List<String> patterns) {
    String text = String.join("\n", patterns);
    database.write(connection -> statements.with(connection, SET, text).executeUpdate());
    policy = policy(patterns);
  }

  /** The patterns of the server hold again. */
  public void clear() {
    database.write(connection -> statements.with(connection, CLEAR).executeUpdate());
    policy = usual;
  }

  public List<String> excluded() {
    return policy.excluded();
  }

  public boolean isExcluded(String path) {
    return policy.isExcluded(path);
  }
}

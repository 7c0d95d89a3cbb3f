package dev.concert.foundation.lease;

import dev.concert.foundation.jdbc.JdbcDatabases;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;

/**
 * The database of one key, such as a tenant, for the owner of that key. Every change checks the
 * owner's epoch in its own transaction; once a later owner has changed something, an earlier one
 * cannot. Where they share the file, one that is paused inside a transaction keeps the others out
 * until it goes on or is killed. Thread-safe and non-blocking.
 *
 * @param databases whose schema contains {@link #SCHEMA}
 * @param key of the database
 * @param epoch of the owner
 */
public record FencedDatabase(JdbcDatabases databases, String key, long epoch) {
  /** The table with the epoch of the owner that last changed something. */
  public static final String SCHEMA =
      """
      CREATE TABLE fence (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        epoch INTEGER NOT NULL
      );
      INSERT INTO fence VALUES (1, 0);
      """;

  /**
   * Runs a change as one transaction.
   *
   * @return fails with {@link LeaseLostException} where a later owner has taken over
   */
  public <T> Future<T> change(Function<SqlConnection, Future<T>> work) {
    return databases.with(
        key,
        database ->
            database.transaction(
                connection ->
                    connection
                        .preparedQuery("UPDATE fence SET epoch = ? WHERE epoch <= ?")
                        .execute(Tuple.of(epoch, epoch))
                        .compose(
                            fenced ->
                                fenced.rowCount() == 1
                                    ? work.apply(connection)
                                    : Future.failedFuture(new LeaseLostException(key, epoch)))));
  }

  /**
   * Runs one changing statement.
   *
   * @return how many rows it changed
   */
  public Future<Integer> update(String sql, Tuple parameters) {
    return change(
        connection -> connection.preparedQuery(sql).execute(parameters).map(RowSet::rowCount));
  }

  /** Runs one query. */
  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return databases.with(key, database -> database.query(sql, parameters));
  }
}

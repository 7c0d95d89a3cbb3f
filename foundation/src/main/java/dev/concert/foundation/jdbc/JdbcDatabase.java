package dev.concert.foundation.jdbc;

import dev.concert.foundation.context.CallerContext;
import dev.concert.foundation.context.LastingContext;
import dev.concert.foundation.sqlite.Migrations;
import dev.concert.foundation.sqlite.SqliteConnections;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * One SQLite file behind two pools of the Vert.x JDBC Client: a few readers, and one writer, so
 * that writers never compete for SQLite's lock.
 *
 * <p>A read sees every write that was requested before it. A write that has succeeded survives the
 * death of the process. SQLite has no booleans: a stored {@code true} reads as the integer 1.
 *
 * <p>Thread-safe and non-blocking; futures complete on the caller's context. At most {@value
 * #MAX_WAITING} operations of a pool wait for a connection, for at most {@value #TIMEOUT_SECONDS}
 * s; beyond that they fail. Connections that are idle for {@value #IDLE_SECONDS} s are closed.
 */
public final class JdbcDatabase {
  static final int MAX_WAITING = 10_000;
  static final int TIMEOUT_SECONDS = 30;
  static final int IDLE_SECONDS = 60;

  private final Vertx vertx;

  /**
   * All operations begin here. A connection belongs to the context that it was opened on, and what
   * is asked of it later is never answered once that is a stopped verticle's.
   */
  private final Context context;

  private final Pool readers;
  private final Pool writer;

  /** Completes when all writes that were requested so far are done. Its context's thread only. */
  private Future<?> written = Future.succeededFuture();

  private JdbcDatabase(Vertx vertx, Context context, DataSource source, int readers) {
    this.vertx = vertx;
    this.context = context;
    this.readers = JDBCPool.pool(vertx, source, options(readers));
    this.writer = JDBCPool.pool(vertx, source, options(1));
  }

  private static PoolOptions options(int size) {
    return new PoolOptions()
        .setMaxSize(size)
        .setMaxWaitQueueSize(MAX_WAITING)
        .setConnectionTimeout(TIMEOUT_SECONDS)
        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  /**
   * Opens the file, creates it and its folder if needed, and brings it to the newest schema.
   *
   * @param migrations see {@link Migrations}
   * @param readers most connections that read at the same time
   * @return fails with a {@code SqliteException} that names the file
   */
  public static Future<JdbcDatabase> open(
      Vertx vertx, Path file, List<String> migrations, int readers) {
    return vertx
        .executeBlocking(
            () -> {
              Migrations.migrate(file, migrations);
              return SqliteConnections.source(file);
            },
            false)
        .compose(source -> pooled(vertx, source, readers));
  }

  private static Future<JdbcDatabase> pooled(Vertx vertx, DataSource source, int readers) {
    return LastingContext.of(vertx)
        .compose(
            context -> {
              Promise<JdbcDatabase> made = Promise.promise();
              context.runOnContext(
                  _ ->
                      Future.succeededFuture()
                          .map(_ -> new JdbcDatabase(vertx, context, source, readers))
                          .onComplete(made));
              return made.future();
            });
  }

  /** Runs one query with its parameters. */
  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return here(
        () ->
            written.isComplete()
                ? read(sql, parameters)
                : written.transform(_ -> read(sql, parameters)));
  }

  private Future<RowSet<Row>> read(String sql, Tuple parameters) {
    return readers.preparedQuery(sql).execute(parameters);
  }

  /** Runs one statement that changes something; it is durable when the future succeeds. */
  public Future<RowSet<Row>> update(String sql, Tuple parameters) {
    return here(() -> writing(() -> writer.preparedQuery(sql).execute(parameters)));
  }

  /**
   * Runs several statements as one transaction: all of them are durable when the future succeeds,
   * none when it fails. Takes SQLite's write lock at the start, since a transaction that reads
   * before it writes would fail where another process wrote in between.
   *
   * @param work uses only this connection, and does not begin or end transactions
   */
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return here(
        () ->
            writing(
                () ->
                    writer.withConnection(
                        connection ->
                            connection
                                .query("BEGIN IMMEDIATE")
                                .execute()
                                .compose(_ -> committed(connection, work)))));
  }

  private static <T> Future<T> committed(
      SqlConnection connection, Function<SqlConnection, Future<T>> work) {
    return Future.succeededFuture()
        // An exception of the work must end the transaction, too.
        .compose(_ -> work.apply(connection))
        .compose(result -> connection.query("COMMIT").execute().map(result))
        .recover(
            failure ->
                connection
                    .query("ROLLBACK")
                    .execute()
                    // SQLite rolls back by itself when the disk is full or fails.
                    .transform(_ -> Future.failedFuture(failure)));
  }

  /** The writer's pool serves in order of the requests, so its last one stands for all. */
  private <T> Future<T> writing(Supplier<Future<T>> write) {
    Future<T> result = write.get();
    written = result;
    return result;
  }

  /** Does it on the context of this database, in the order of the calls. */
  private <T> Future<T> here(Supplier<Future<T>> operation) {
    Promise<T> done = Promise.promise();
    CallerContext caller = CallerContext.now(vertx);
    context.runOnContext(
        _ -> Future.succeededFuture().compose(_ -> operation.get()).onComplete(done));
    return caller.complete(done.future());
  }

  /** Closes all connections, after the operations under way. */
  public Future<Void> close() {
    return here(
        () -> written.transform(_ -> Future.join(readers.close(), writer.close())).mapEmpty());
  }
}

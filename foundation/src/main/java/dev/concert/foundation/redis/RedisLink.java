package dev.concert.foundation.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A connection to Redis for scripts. If Redis is unreachable, a call fails soon, and the next one
 * connects again. Use it on one context.
 */
public final class RedisLink {
  /** No connection. */
  public static final long NO_CONNECTION = 0;

  /** Timeout of a reply; the server usually answers within a millisecond. */
  private static final long TIMEOUT_MS = 500;

  private final Vertx vertx;
  private final String url;
  private Optional<Line> current = Optional.empty();
  private long lines;
  private boolean closed;

  /**
   * @param url for example {@code redis://:password@host:6379/0}; a secret
   */
  public RedisLink(Vertx vertx, String url) {
    this.vertx = vertx;
    this.url = url;
  }

  /** A new client for each connection: a pool would reuse a broken one. */
  private record Line(
      Redis client, Future<RedisConnection> open, Map<RedisScript, String> digests) {}

  /**
   * Runs a script.
   *
   * @return fails if there is no answer within half a second; the script may have run
   */
  public Future<Response> run(RedisScript script, List<String> keys, List<String> arguments) {
    return with(
        line ->
            line.open()
                .compose(open -> digest(line, open, script))
                .compose(
                    sha -> {
                      Request request = Request.cmd(Command.EVALSHA).arg(sha).arg(keys.size());
                      keys.forEach(request::arg);
                      arguments.forEach(request::arg);
                      return line.open().result().send(request);
                    }));
  }

  /** The number of the current connection: another connection may be to another server. */
  public long connection() {
    return current.isPresent() ? lines : NO_CONNECTION;
  }

  /** Runs any other command, with the same timeout. */
  public Future<Response> send(Request request) {
    return with(line -> line.open().compose(open -> open.send(request)));
  }

  /** Closes the connection; every later call fails. Call it on the context of the other calls. */
  public Future<Void> close() {
    closed = true;
    return current.map(this::drop).orElseGet(Future::succeededFuture);
  }

  private Future<Response> with(Function<Line, Future<Response>> work) {
    if (closed) {
      return Future.failedFuture("The connection to Redis is closed");
    }
    Line line = current.orElseGet(this::connect);
    return work.apply(line)
        .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .onFailure(failure -> drop(line));
  }

  private Line connect() {
    RedisOptions options = new RedisOptions().setConnectionString(url);
    options.getNetClientOptions().setConnectTimeout((int) TIMEOUT_MS);
    Redis client = Redis.createClient(vertx, options);
    Line line = new Line(client, client.connect(), new HashMap<>());
    current = Optional.of(line);
    lines++;
    line.open()
        .onSuccess(
            open -> {
              open.exceptionHandler(failure -> drop(line));
              open.endHandler(end -> drop(line));
            });
    return line;
  }

  private static Future<String> digest(Line line, RedisConnection open, RedisScript script) {
    String known = line.digests().get(script);
    return known != null
        ? Future.succeededFuture(known)
        : open.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text()))
            .map(Response::toString)
            .onSuccess(sha -> line.digests().put(script, sha));
  }

  /** Drops the current connection. */
  private Future<Void> drop(Line line) {
    if (current.filter(other -> other == line).isEmpty()) {
      return Future.succeededFuture();
    }
    current = Optional.empty();
    return line.client().close();
  }
}

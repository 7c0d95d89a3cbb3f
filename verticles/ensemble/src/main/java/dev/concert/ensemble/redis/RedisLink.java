package dev.concert.ensemble.redis;

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
 * One connection to Redis for scripts, which may be away at any time: a call then fails soon, and
 * the next one connects anew. To be used from one context.
 */
public final class RedisLink {
  /** There is no connection now. */
  public static final long NO_CONNECTION = 0;

  /** For a reply; the server answers within a millisecond, or something is wrong. */
  private static final long PATIENCE_MS = 500;

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

  /** A client of its own for each connection: a pool would hand out again what went wrong. */
  private record Line(
      Redis client, Future<RedisConnection> open, Map<RedisScript, String> digests) {}

  /**
   * Runs a script.
   *
   * @return fails when there was no answer within half a second; the script may have run
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

  /** The number of the current connection: behind another one may be another server. */
  public long connection() {
    return current.isPresent() ? lines : NO_CONNECTION;
  }

  /** Runs any other command, under the same conditions. */
  public Future<Response> send(Request request) {
    return with(line -> line.open().compose(open -> open.send(request)));
  }

  /** To be called on the context of the other calls; every later one fails. */
  public Future<Void> close() {
    closed = true;
    return current.map(this::drop).orElseGet(Future::succeededFuture);
  }

  private Future<Response> with(Function<Line, Future<Response>> work) {
    if (closed) {
      return Future.failedFuture("The link to Redis is closed");
    }
    Line line = current.orElseGet(this::connect);
    return work.apply(line)
        .timeout(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .onFailure(failure -> drop(line));
  }

  private Line connect() {
    RedisOptions options = new RedisOptions().setConnectionString(url);
    options.getNetClientOptions().setConnectTimeout((int) PATIENCE_MS);
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

  /** A line that is not the current one was dropped before. */
  private Future<Void> drop(Line line) {
    if (current.filter(other -> other == line).isEmpty()) {
      return Future.succeededFuture();
    }
    current = Optional.empty();
    return line.client().close();
  }
}

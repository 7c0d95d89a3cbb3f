package dev.concert.ensemble.exchange;

import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges records with nodes that have no common disk, through Redis. Each node has all of them
 * in its own file and works from there, also while Redis is away. Of two changes of the same record
 * the one with the higher revision wins; one that is {@code REVOKED} stays so.
 *
 * <p>Lives on the context on which it was created; {@link #sync} may be called on any thread.
 */
public final class RecordExchange {
  private static final Logger LOG = LoggerFactory.getLogger(RecordExchange.class);
  private static final RedisScript PUSH = RedisScript.of(RecordExchange.class, "push.lua");
  private static final RedisScript PULL = RedisScript.of(RecordExchange.class, "pull.lua");

  /** Records in one request. */
  private static final int MOST_AT_ONCE = 200;

  /** While Redis is away nothing waits for it more often than this. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A little later than {@link #PAUSE_NANOS}. */
  private static final long RETRY_MS = 1_050;

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final ExchangedRecords records;
  private final String kind;
  private final List<String> names;

  private Future<Void> running = Future.succeededFuture();
  private String era = "";
  private String number = "0";
  private boolean away;
  private boolean trying;
  private volatile boolean stopped;
  private long notBefore;

  /**
   * @param namespace nodes with the same namespace have the same records
   * @param kind a word that tells these records from others, for people too
   */
  public RecordExchange(
      Vertx vertx, RedisLink redis, String namespace, String kind, ExchangedRecords records) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.records = records;
    this.kind = kind;
    String prefix = "{" + namespace + "}:" + kind + ":";
    this.names = List.of(prefix + "records", prefix + "log", prefix + "state");
    this.notBefore = System.nanoTime();
  }

  /**
   * Gives away what has changed here, and takes what has changed elsewhere. Never fails: without
   * Redis everything stays as it is. One at a time; what is asked meanwhile comes after it.
   */
  public Future<Void> sync() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          Future<Void> mine = running.transform(before -> once());
          running = mine.otherwiseEmpty();
          running.onComplete(done);
        });
    return done.future();
  }

  /** Completes when nothing runs any more; Redis is not used after that. */
  public Future<Void> stop() {
    stopped = true;
    return running.eventually(redis::close);
  }

  private Future<Void> once() {
    if (away && System.nanoTime() - notBefore < 0) {
      return Future.succeededFuture();
    }
    return pull()
        .compose(pulled -> push())
        .onSuccess(done -> isAway(false))
        .onFailure(
            failure -> {
              notBefore = System.nanoTime() + PAUSE_NANOS;
              isAway(true);
              tryAgain();
            });
  }

  /**
   * Each time another one: the contents of a Redis that has lost its memory never have the name
   * that they had before.
   */
  private static String freshName() {
    return UUID.randomUUID().toString();
  }

  /** Other nodes want to know what is new here, also if nobody asks this one. */
  private void tryAgain() {
    if (!trying && !stopped) {
      trying = true;
      vertx.setTimer(
          RETRY_MS,
          timer -> {
            trying = false;
            if (!stopped) {
              sync();
            }
          });
    }
  }

  private Future<Void> pull() {
    return redis
        .run(PULL, names, List.of(freshName(), era, number))
        .compose(
            answer -> {
              String now = answer.get(0).toString();
              // Another Redis, or one that has lost its memory, does not know this node's records.
              Future<Void> ready =
                  now.equals(era) ? Future.succeededFuture() : onWorker(records::forgotten);
              return ready
                  .compose(known -> taken(texts(answer, 2), false))
                  .onSuccess(
                      done -> {
                        era = now;
                        number = answer.get(1).toString();
                      });
            });
  }

  private Future<Void> taken(List<String> given, boolean forced) {
    return given.isEmpty() ? Future.succeededFuture() : onWorker(() -> records.take(given, forced));
  }

  private Future<Void> push() {
    return vertx.executeBlocking(records::unsent).compose(this::push);
  }

  private Future<Void> push(Map<String, String> unsent) {
    List<Map.Entry<String, String>> all = List.copyOf(unsent.entrySet());
    Future<Void> done = Future.succeededFuture();
    for (int from = 0; from < all.size(); from += MOST_AT_ONCE) {
      List<Map.Entry<String, String>> some =
          all.subList(from, Math.min(from + MOST_AT_ONCE, all.size()));
      done = done.compose(before -> pushSome(some));
    }
    return done;
  }

  private Future<Void> pushSome(List<Map.Entry<String, String>> some) {
    List<String> arguments = new ArrayList<>(List.of(freshName()));
    Map<String, String> given = new LinkedHashMap<>();
    some.forEach(
        each -> {
          arguments.addAll(List.of(each.getKey(), each.getValue()));
          given.put(each.getKey(), each.getValue());
        });
    return redis
        .run(PUSH, names, arguments)
        .compose(
            answer ->
                onWorker(() -> records.sent(given)).compose(sent -> taken(texts(answer, 1), true)));
  }

  private Future<Void> onWorker(Runnable work) {
    return vertx.executeBlocking(
        () -> {
          work.run();
          return null;
        });
  }

  private static List<String> texts(Response answer, int from) {
    List<String> texts = new ArrayList<>();
    for (int i = from; i < answer.size(); i++) {
      texts.add(answer.get(i).toString());
    }
    return texts;
  }

  private void isAway(boolean now) {
    if (now != away) {
      LOG.warn(
          now
              ? "Redis does not answer. Until it does, changes of {} apply on this node only"
              : "Redis answers again. Changes of {} apply on every node",
          kind);
    }
    away = now;
  }
}

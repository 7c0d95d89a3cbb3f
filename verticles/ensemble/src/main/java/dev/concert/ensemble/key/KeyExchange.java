package dev.concert.ensemble.key;

import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges keys, teams and customers with nodes that have no common disk, through Redis. Each node
 * has all of them in its own file and works from there, also while Redis is away. Of two changes of
 * the same record the one with the higher revision wins; a revocation is never undone.
 *
 * <p>Lives on the context on which it was created; {@link #sync} may be called on any thread.
 */
public final class KeyExchange {
  private static final Logger LOG = LoggerFactory.getLogger(KeyExchange.class);
  private static final RedisScript PUSH = RedisScript.of(KeyExchange.class, "push.lua");
  private static final RedisScript PULL = RedisScript.of(KeyExchange.class, "pull.lua");

  /** Records in one request. */
  private static final int MOST_AT_ONCE = 200;

  /** While Redis is away nothing waits for it more often than this. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final KeyStore store;
  private final List<String> names;
  private final String freshName = UUID.randomUUID().toString();

  private final Map<String, String> pushed = new HashMap<>();
  private Future<Void> running = Future.succeededFuture();
  private String era = "";
  private String number = "0";
  private long looked = -1;
  private boolean away;
  private long notBefore;

  /**
   * @param namespace nodes with the same namespace have the same keys
   */
  public KeyExchange(Vertx vertx, RedisLink redis, String namespace, KeyStore store) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.store = store;
    String prefix = "{" + namespace + "}:keys:";
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
            });
  }

  private Future<Void> pull() {
    return redis
        .run(PULL, names, List.of(freshName, era, number))
        .compose(
            answer -> {
              if (!answer.get(0).toString().equals(era)) {
                // Another Redis, or one that has lost its memory: it does not know this node's
                // keys.
                pushed.clear();
                looked = -1;
              }
              return taken(texts(answer, 2), false)
                  .onSuccess(
                      done -> {
                        era = answer.get(0).toString();
                        number = answer.get(1).toString();
                      });
            });
  }

  private Future<Void> taken(List<String> records, boolean forced) {
    return records.isEmpty()
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              store.take(records, forced);
              return null;
            });
  }

  /** Reads the file only after a change of it. */
  private Future<Void> push() {
    return vertx
        .executeBlocking(store::changes)
        .compose(
            changes ->
                changes == looked
                    ? Future.succeededFuture()
                    : vertx
                        .executeBlocking(store::records)
                        .compose(this::push)
                        .onSuccess(done -> looked = changes));
  }

  private Future<Void> push(Map<String, String> records) {
    List<Map.Entry<String, String>> changed =
        records.entrySet().stream()
            .filter(each -> !each.getValue().equals(pushed.get(each.getKey())))
            .toList();
    Future<Void> done = Future.succeededFuture();
    for (int from = 0; from < changed.size(); from += MOST_AT_ONCE) {
      List<Map.Entry<String, String>> some =
          changed.subList(from, Math.min(from + MOST_AT_ONCE, changed.size()));
      done = done.compose(before -> pushSome(some));
    }
    return done;
  }

  private Future<Void> pushSome(List<Map.Entry<String, String>> some) {
    List<String> arguments = new ArrayList<>(List.of(freshName));
    some.forEach(each -> arguments.addAll(List.of(each.getKey(), each.getValue())));
    return redis
        .run(PUSH, names, arguments)
        .compose(answer -> taken(texts(answer, 1), true))
        .onSuccess(done -> some.forEach(each -> pushed.put(each.getKey(), each.getValue())));
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
              ? "Redis does not answer. Until it does, changes of keys apply on this node only"
              : "Redis answers again. Changes of keys apply on every node");
    }
    away = now;
  }
}

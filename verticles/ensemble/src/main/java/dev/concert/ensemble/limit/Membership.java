package dev.concert.ensemble.limit;

import dev.concert.ensemble.redis.RedisLink;
import dev.concert.ensemble.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Among which nodes each minute is split, settled shortly before it begins.
 *
 * <p>While Redis is away the split that was last known goes on to hold. {@link #of} may be called
 * from every thread, the rest from one context.
 */
final class Membership {
  /** Before the end of a minute the next one's split is settled. */
  private static final long AHEAD_MS = 5_000;

  /** A node that was away for less may have gone on with its share. */
  private static final long GONE_MS = 90_000;

  private static final RedisScript SCRIPT = RedisScript.of(Membership.class, "members.lua");

  private final RedisLink redis;
  private final LimitKeys keys;
  private final String node;
  private final LongSupplier clockMillis;
  private final Map<Long, Split> settled = new ConcurrentHashMap<>();

  private volatile Split last = Split.ALONE;
  private String lastNodes = "";

  Membership(RedisLink redis, LimitKeys keys, String node, LongSupplier clockMillis) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
    this.clockMillis = clockMillis;
  }

  Split of(long minute) {
    return settled.getOrDefault(minute, last);
  }

  Optional<Split> settled(long minute) {
    return Optional.ofNullable(settled.get(minute));
  }

  /** Says that this node is there and learns of the others. */
  Future<Void> refresh() {
    long now = clockMillis.getAsLong();
    long minute = Math.floorDiv(now, Window.LENGTH_MS);
    boolean ending = Window.LENGTH_MS - Math.floorMod(now, Window.LENGTH_MS) <= AHEAD_MS;
    return redis
        .run(
            SCRIPT,
            List.of(
                keys.nodes(),
                keys.since(),
                keys.split(minute),
                keys.split(minute + 1),
                keys.left(minute + 1)),
            List.of(
                node,
                lastNodes,
                ending ? "1" : "0",
                Long.toString(GONE_MS),
                Long.toString(LimitKeys.KEPT_SECONDS)))
        .map(
            splits -> {
              learn(minute, splits.get(0));
              learn(minute + 1, splits.get(1));
              settled.keySet().removeIf(past -> past < minute);
              return null;
            });
  }

  /** Says that this node is there no more, and will use nothing of what it has not told of. */
  Future<Void> leave() {
    long minute = Math.floorDiv(clockMillis.getAsLong(), Window.LENGTH_MS);
    return Future.join(
            redis.send(Request.cmd(Command.ZREM).arg(keys.nodes()).arg(node)),
            left(minute),
            left(minute + 1))
        .mapEmpty();
  }

  private Future<Response> left(long minute) {
    return redis
        .send(Request.cmd(Command.SADD).arg(keys.left(minute)).arg(node))
        .compose(
            added ->
                redis.send(
                    Request.cmd(Command.EXPIRE)
                        .arg(keys.left(minute))
                        .arg(LimitKeys.KEPT_SECONDS)));
  }

  private void learn(long minute, Response names) {
    if (names.toString().isEmpty()) {
      return;
    }
    List<String> nodes = List.of(names.toString().split(","));
    int rank = nodes.indexOf(node);
    settled.put(minute, new Split(nodes.size(), rank < 0 ? nodes.size() : rank));
    // Should Redis go away now, who came later is one more.
    last = rank < 0 ? new Split(nodes.size() + 1, nodes.size()) : new Split(nodes.size(), rank);
    lastNodes = rank < 0 ? names + "," + node : names.toString();
  }
}

package dev.concert.ensemble.limit;

import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The nodes that share the limits, as a {@link NodeRing} that is kept in Redis.
 *
 * <p>While Redis is unreachable, the last known ring stays valid. {@link #now} may be called on any
 * thread, the rest on one context.
 */
final class LimitCluster {
  private static final RedisScript REFRESH =
      RedisScript.of(LimitCluster.class, "common.lua", "members.lua");
  private static final RedisScript LEAVE =
      RedisScript.of(LimitCluster.class, "common.lua", "leave.lua");

  private static final RedisScript DIED =
      RedisScript.of(LimitCluster.class, "common.lua", "died.lua");

  private final RedisLink redis;
  private final LimitKeys keys;
  private final String node;
  private final LongSupplier clockMillis;
  private final LimitTimings timings;

  private volatile NodeRing ring = NodeRing.NONE;
  private volatile ShareRule rule = ShareRule.ALONE;
  private long seenAt;
  private long unknownUntil;
  private String era = "";
  private long confirmedBy = RedisLink.NO_CONNECTION;

  LimitCluster(
      RedisLink redis,
      LimitKeys keys,
      String node,
      LongSupplier clockMillis,
      LimitTimings timings) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
    this.clockMillis = clockMillis;
    this.timings = timings;
  }

  ShareRule now() {
    return rule;
  }

  NodeRing ring() {
    return ring;
  }

  /**
   * Identifies the contents of Redis: after a loss of its memory it has another era and knows
   * nothing of what was reported before.
   */
  String era() {
    return era;
  }

  /** Whether Redis is certainly the same server that answered last. */
  boolean isConfirmed() {
    return confirmedBy != RedisLink.NO_CONNECTION && confirmedBy == redis.connection();
  }

  /**
   * Announces this node and reads the other nodes.
   *
   * @param reported what this node has reported of its quotas in the {@link #era} that it knows
   */
  Future<Void> refresh(Reported reported) {
    boolean settled = clockMillis.getAsLong() - seenAt > timings.windowAndBucket();
    return redis
        .run(
            REFRESH,
            List.of(keys.nodes(), keys.left(), keys.state()),
            List.of(
                node,
                Long.toString(ring.number()),
                String.join(",", ring.nodes()),
                ring.complete() ? "" : String.join(",", ring.before()),
                settled ? Long.toString(ring.number()) : "0",
                era,
                reported.word,
                Long.toString(timings.windowAndBucket()),
                Long.toString(timings.missed()),
                Long.toString(timings.alone()),
                timings.played() ? Long.toString(clockMillis.getAsLong()) : "0",
                Long.toString(Math.max(0, unknownUntil - clockMillis.getAsLong()))))
        .map(this::learn);
  }

  /** How much a node has reported of its quotas. */
  enum Reported {
    NOT_YET("0"),
    ALL("1"),
    NOTHING_TO_TELL("2");

    private final String word;

    Reported(String word) {
      this.word = word;
    }
  }

  /** Removes this node, which will use nothing that it has not reported. */
  Future<Void> leave() {
    return redis
        .run(
            LEAVE,
            List.of(keys.nodes(), keys.left()),
            List.of(node, timings.played() ? Long.toString(clockMillis.getAsLong()) : "0"))
        .mapEmpty();
  }

  /** Reports that another node is dead and uses nothing any more. */
  Future<Void> died(String another) {
    return redis
        .run(
            DIED,
            List.of(keys.nodes()),
            List.of(
                another,
                Long.toString(timings.missed()),
                timings.played() ? Long.toString(clockMillis.getAsLong()) : "0"))
        .mapEmpty();
  }

  private Void learn(Response reply) {
    confirmedBy = redis.connection();
    era = reply.get(3).toString();
    unknownUntil = clockMillis.getAsLong() + reply.get(4).toLong();
    long number = reply.get(0).toLong();
    if (number > 0) {
      NodeRing then =
          ring.then(
              number, List.of(reply.get(1).toString().split(",")), reply.get(2).toInteger() == 1);
      if (then.number() != ring.number() || !then.nodes().equals(ring.nodes())) {
        seenAt = clockMillis.getAsLong();
      }
      if (then != ring) {
        ring = then;
        rule = then.of(node);
      }
    }
    return null;
  }
}

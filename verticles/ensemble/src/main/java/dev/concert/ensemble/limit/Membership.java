package dev.concert.ensemble.limit;

import dev.concert.ensemble.redis.RedisLink;
import dev.concert.ensemble.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Among which nodes limits are split, by {@link View}s that are kept in Redis.
 *
 * <p>While Redis is away the view that was last known goes on to hold. {@link #now} may be called
 * from every thread, the rest from one context.
 */
final class Membership {
  private static final RedisScript REFRESH =
      RedisScript.of(Membership.class, "common.lua", "members.lua");
  private static final RedisScript LEAVE =
      RedisScript.of(Membership.class, "common.lua", "leave.lua");

  private static final RedisScript DIED =
      RedisScript.of(Membership.class, "common.lua", "died.lua");

  private final RedisLink redis;
  private final LimitKeys keys;
  private final String node;
  private final LongSupplier clockMillis;
  private final Spans spans;

  private volatile View view = View.NONE;
  private volatile Split split = Split.ALONE;
  private long seenAt;
  private long unknownUntil;
  private String era = "";
  private long heardBy = RedisLink.NO_CONNECTION;

  Membership(RedisLink redis, LimitKeys keys, String node, LongSupplier clockMillis, Spans spans) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
    this.clockMillis = clockMillis;
    this.spans = spans;
  }

  Split now() {
    return split;
  }

  View view() {
    return view;
  }

  /** Which memory of Redis this is; another one knows nothing that was told to this one. */
  String era() {
    return era;
  }

  /** Whether it is certain that Redis still is the one that was heard. */
  boolean isHeard() {
    return heardBy != RedisLink.NO_CONNECTION && heardBy == redis.connection();
  }

  /**
   * Says that this node is there and learns of the others.
   *
   * @param told of what it holds to the {@link #era} that it knows
   */
  Future<Void> refresh(Told told) {
    boolean settled = clockMillis.getAsLong() - seenAt > spans.windowAndSlice();
    return redis
        .run(
            REFRESH,
            List.of(keys.nodes(), keys.left(), keys.state()),
            List.of(
                node,
                Long.toString(view.number()),
                String.join(",", view.nodes()),
                view.complete() ? "" : String.join(",", view.before()),
                settled ? Long.toString(view.number()) : "0",
                era,
                told.word,
                Long.toString(spans.windowAndSlice()),
                Long.toString(spans.missed()),
                Long.toString(spans.alone()),
                spans.played() ? Long.toString(clockMillis.getAsLong()) : "0",
                Long.toString(Math.max(0, unknownUntil - clockMillis.getAsLong()))))
        .map(this::learn);
  }

  /** What a node has told of what it holds. */
  enum Told {
    NOT_YET("0"),
    ALL("1"),
    NOTHING_TO_TELL("2");

    private final String word;

    Told(String word) {
      this.word = word;
    }
  }

  /** Says that this node is there no more, and will use nothing of what it has not told of. */
  Future<Void> leave() {
    return redis
        .run(
            LEAVE,
            List.of(keys.nodes(), keys.left()),
            List.of(node, spans.played() ? Long.toString(clockMillis.getAsLong()) : "0"))
        .mapEmpty();
  }

  /** Says of another node that it uses nothing any more. */
  Future<Void> died(String another) {
    return redis
        .run(
            DIED,
            List.of(keys.nodes()),
            List.of(
                another,
                Long.toString(spans.missed()),
                spans.played() ? Long.toString(clockMillis.getAsLong()) : "0"))
        .mapEmpty();
  }

  private Void learn(Response heard) {
    heardBy = redis.connection();
    era = heard.get(3).toString();
    unknownUntil = clockMillis.getAsLong() + heard.get(4).toLong();
    long number = heard.get(0).toLong();
    if (number > 0) {
      View then =
          view.then(
              number, List.of(heard.get(1).toString().split(",")), heard.get(2).toInteger() == 1);
      if (then.number() != view.number() || !then.nodes().equals(view.nodes())) {
        seenAt = clockMillis.getAsLong();
      }
      if (then != view) {
        view = then;
        split = then.of(node);
      }
    }
    return null;
  }
}

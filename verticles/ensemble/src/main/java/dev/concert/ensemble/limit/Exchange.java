package dev.concert.ensemble.limit;

import dev.concert.ensemble.redis.RedisLink;
import dev.concert.ensemble.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Tells Redis what this node holds of a limit and takes what it needs of the rest.
 *
 * <p>What is told is absolute, so that an answer that was lost does no harm: what was granted by it
 * comes free with the next exchange. To be used from one context.
 */
final class Exchange {
  private static final RedisScript SCRIPT =
      RedisScript.of(Exchange.class, "common.lua", "exchange.lua");

  /** Asked for is what was asked for lately, so many times. */
  private static final long AHEAD = 2;

  /** Of what is left over, a part is kept for the next caller while there is much of it. */
  private static final int KEEP = 8;

  private final RedisLink redis;
  private final LimitKeys keys;
  private final String node;
  private final Membership members;
  private final LongSupplier clockMillis;
  private final Spans spans;
  private long number;

  Exchange(
      RedisLink redis,
      LimitKeys keys,
      String node,
      Membership members,
      LongSupplier clockMillis,
      Spans spans) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
    this.members = members;
    this.clockMillis = clockMillis;
    this.spans = spans;
  }

  /** One at a time for each window. */
  Future<Void> run(String subject, Window window) {
    Amount ahead = window.recent().times(AHEAD);
    Amount left = window.left(window.used()).orMore(Amount.NONE);
    Amount room = window.limit().amount().minus(window.held()).orMore(Amount.NONE);
    Amount wanted = ahead.minus(left).orMore(Amount.NONE).atMost(room);
    return tell(subject, window, wanted, false)
        .compose(
            answer -> {
              window.grant(amount(answer, 0));
              window.usedElsewhere(amount(answer, 4));
              return makesRoom(window, ahead, amount(answer, 2))
                  ? tell(subject, window, Amount.NONE, false).mapEmpty()
                  : Future.succeededFuture();
            });
  }

  /** Holds no more than by the split again, so that nobody has to remember anything of it. */
  Future<Void> forget(String subject, Window window) {
    window.lowerToShare();
    return tell(subject, window, Amount.NONE, true)
        .map(
            answer -> {
              if (answer.get(6).toInteger() == 1) {
                window.imply();
              }
              return null;
            });
  }

  /** Gives back what is left, for a node that will use nothing more. */
  Future<Void> leave(String subject, Window window) {
    window.lower(window.held());
    return tell(subject, window, Amount.NONE, false).mapEmpty();
  }

  private Future<Response> tell(String subject, Window window, Amount wanted, boolean forget) {
    if (!members.isHeard()) {
      return Future.failedFuture("Redis may be another one than the one that was heard");
    }
    window.tell();
    // Before what is used: what is taken in between is held all the same.
    Amount held = window.held();
    Amount used = window.used();
    RateLimit limit = window.limit();
    return redis.run(
        SCRIPT,
        List.of(keys.subject(subject), keys.wanted(), keys.nodes(), keys.left(), keys.state()),
        List.of(
            node,
            subject,
            Long.toString(limit.requests()),
            Long.toString(limit.tokens()),
            Long.toString(held.requests()),
            Long.toString(held.tokens()),
            Long.toString(used.requests()),
            Long.toString(used.tokens()),
            Long.toString(wanted.requests()),
            Long.toString(wanted.tokens()),
            Long.toString(++number),
            forget ? "1" : "0",
            members.era(),
            Long.toString(spans.windowAndSlice()),
            spans.played() ? Long.toString(clockMillis.getAsLong()) : "0"));
  }

  /**
   * Once others want any, what nobody here is about to use is for them: more than they ask for now,
   * so that it is there for them should this node die. Of what they still miss this node makes room
   * down to what is about fair, as what it has used grows old.
   */
  private static boolean makesRoom(Window window, Amount ahead, Amount needed) {
    if (needed.isNothing()) {
      return false;
    }
    window.wanted();
    Amount fair = window.fair();
    Amount unfair =
        window
            .hold()
            .minus(
                new Amount(
                    fair.requests() + fair.requests() / KEEP, fair.tokens() + fair.tokens() / KEEP))
            .orMore(Amount.NONE)
            .atMost(needed);
    Amount room = spare(window, ahead).orMore(unfair);
    window.lower(room);
    return !room.isNothing();
  }

  /** All of it, where that is less than a call needs of those that are asked for here. */
  private static Amount spare(Window window, Amount ahead) {
    Amount left = window.left(window.used()).orMore(Amount.NONE);
    Amount call = new Amount(1, ahead.tokens() / Math.max(1, ahead.requests()));
    if (!call.fits(left)) {
      return left;
    }
    Amount over = left.minus(ahead).orMore(Amount.NONE);
    return new Amount(most(over.requests()), most(over.tokens()));
  }

  private static long most(long over) {
    return over - over / KEEP;
  }

  private static Amount amount(Response answer, int from) {
    return new Amount(answer.get(from).toLong(), answer.get(from + 1).toLong());
  }
}

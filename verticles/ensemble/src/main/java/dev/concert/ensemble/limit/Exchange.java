package dev.concert.ensemble.limit;

import dev.concert.ensemble.redis.RedisLink;
import dev.concert.ensemble.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * Tells Redis what this node holds of a subject's minute and takes what it needs of the rest.
 *
 * <p>What is told is absolute, so that an answer that was lost does no harm: what was granted by it
 * comes free with the next exchange. To be used from one context.
 */
final class Exchange {
  private static final RedisScript SCRIPT = RedisScript.of(Exchange.class, "exchange.lua");

  /** Asked for is what was asked for lately, so many times. */
  private static final long AHEAD = 2;

  /** Of what is left over, a part is kept for the next caller while there is much of it. */
  private static final int KEEP = 8;

  private final RedisLink redis;
  private final LimitKeys keys;
  private final String node;
  private long told;

  Exchange(RedisLink redis, LimitKeys keys, String node) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
  }

  /** One at a time for each window. */
  Future<Void> run(String subject, Window window) {
    Amount ahead = window.recent().times(AHEAD);
    Amount left = window.left().orMore(Amount.NONE);
    Amount room = window.limit().amount().minus(window.held()).orMore(Amount.NONE);
    Amount wanted = ahead.minus(left).orMore(Amount.NONE).atMost(room);
    return tell(subject, window, wanted)
        .compose(
            answer -> {
              window.grant(amount(answer, 0));
              window.usedElsewhere(amount(answer, 4));
              return gaveBack(window, ahead, amount(answer, 2))
                  ? tell(subject, window, Amount.NONE).mapEmpty()
                  : Future.succeededFuture();
            });
  }

  /** Gives back what is left, for a node that will use nothing more. */
  Future<Void> leave(String subject, Window window) {
    window.giveBack(window.left().orMore(Amount.NONE));
    return tell(subject, window, Amount.NONE).mapEmpty();
  }

  private Future<Response> tell(String subject, Window window, Amount wanted) {
    Amount used = window.used().orMore(Amount.NONE);
    Amount held = window.held();
    long minute = window.number();
    RateLimit limit = window.limit();
    return redis.run(
        SCRIPT,
        List.of(
            keys.subject(subject, minute),
            keys.split(minute),
            keys.wanted(minute),
            keys.left(minute),
            keys.since()),
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
            Long.toString(++told),
            Long.toString(LimitKeys.KEPT_SECONDS),
            Long.toString(Window.LENGTH_MS)));
  }

  /**
   * Puts aside, for the next telling, what nobody here is about to use, once others want any: more
   * than they ask for now, so that it is there for them should this node die.
   */
  private static boolean gaveBack(Window window, Amount ahead, Amount needed) {
    Amount over = window.left().minus(ahead).orMore(Amount.NONE);
    Amount spare = new Amount(most(over.requests()), most(over.tokens()));
    return !needed.isNothing() && !spare.isNothing() && window.giveBack(spare);
  }

  private static long most(long over) {
    return over - over / KEEP;
  }

  private static Amount amount(Response answer, int from) {
    return new Amount(answer.get(from).toLong(), answer.get(from + 1).toLong());
  }
}

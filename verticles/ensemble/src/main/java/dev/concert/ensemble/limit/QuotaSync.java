package dev.concert.ensemble.limit;

import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reports to Redis what this node holds of a limit and requests what it needs of the rest.
 *
 * <p>Reports are absolute, so a lost reply does no harm: what it granted becomes free with the next
 * report. Use it on one context.
 */
final class QuotaSync {
  private static final RedisScript SCRIPT =
      RedisScript.of(QuotaSync.class, "common.lua", "quota-sync.lua");

  /** A request asks for so many times the recent demand. */
  private static final long AHEAD = 2;

  /** One part in so many of what is spare is kept for the next caller. */
  private static final int KEEP = 8;

  private final RedisLink redis;
  private final LimitKeys keys;
  private final String node;
  private final LimitCluster members;
  private final LongSupplier clockMillis;
  private final LimitTimings timings;
  private long number;

  QuotaSync(
      RedisLink redis,
      LimitKeys keys,
      String node,
      LimitCluster members,
      LongSupplier clockMillis,
      LimitTimings timings) {
    this.redis = redis;
    this.keys = keys;
    this.node = node;
    this.members = members;
    this.clockMillis = clockMillis;
    this.timings = timings;
  }

  /** Syncs a window. Run one at a time for each window. */
  Future<Void> run(String subject, QuotaWindow window) {
    Quota ahead = window.recent().times(AHEAD);
    Quota left = window.left(window.used()).orMore(Quota.NONE);
    Quota room = window.limit().amount().minus(window.held()).orMore(Quota.NONE);
    Quota wanted = ahead.minus(left).orMore(Quota.NONE).atMost(room);
    return report(subject, window, wanted, false)
        .compose(
            answer -> {
              window.grant(amount(answer, 0));
              window.usedElsewhere(amount(answer, 4));
              return makesRoom(window, ahead, amount(answer, 2))
                  ? report(subject, window, Quota.NONE, false).mapEmpty()
                  : Future.succeededFuture();
            });
  }

  /** Returns to the equal share, so that Redis can forget the subject. */
  Future<Void> forget(String subject, QuotaWindow window) {
    window.lowerToShare();
    return report(subject, window, Quota.NONE, true)
        .map(
            answer -> {
              if (answer.get(6).toInteger() == 1) {
                window.imply();
              }
              return null;
            });
  }

  /** Returns what is left, for a node that will use nothing more. */
  Future<Void> leave(String subject, QuotaWindow window) {
    window.lower(window.held());
    return report(subject, window, Quota.NONE, false).mapEmpty();
  }

  private Future<Response> report(
      String subject, QuotaWindow window, Quota wanted, boolean forget) {
    if (!members.isConfirmed()) {
      return Future.failedFuture("Redis may be another server than the one that answered last");
    }
    window.report();
    // Read before the usage: what is taken in between is held all the same.
    Quota held = window.held();
    Quota used = window.used();
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
            Long.toString(timings.windowAndBucket()),
            timings.played() ? Long.toString(clockMillis.getAsLong()) : "0"));
  }

  /**
   * When other nodes want more, this node releases what it will not use soon, even more than they
   * ask for now, so that they have it if this node dies. If that is not enough, it goes down to
   * about its fair share as its usage leaves the window.
   */
  private static boolean makesRoom(QuotaWindow window, Quota ahead, Quota needed) {
    if (needed.isNothing()) {
      return false;
    }
    window.wanted();
    Quota fair = window.fair();
    Quota unfair =
        window
            .hold()
            .minus(
                new Quota(
                    fair.requests() + fair.requests() / KEEP, fair.tokens() + fair.tokens() / KEEP))
            .orMore(Quota.NONE)
            .atMost(needed);
    Quota room = spare(window, ahead).orMore(unfair);
    window.lower(room);
    return !room.isNothing();
  }

  /** What is spare here: everything, if the rest is too little for a call of usual size. */
  private static Quota spare(QuotaWindow window, Quota ahead) {
    Quota left = window.left(window.used()).orMore(Quota.NONE);
    Quota call = new Quota(1, ahead.tokens() / Math.max(1, ahead.requests()));
    if (!call.fits(left)) {
      return left;
    }
    Quota over = left.minus(ahead).orMore(Quota.NONE);
    return new Quota(most(over.requests()), most(over.tokens()));
  }

  private static long most(long over) {
    return over - over / KEEP;
  }

  private static Quota amount(Response answer, int from) {
    return new Quota(answer.get(from).toLong(), answer.get(from + 1).toLong());
  }
}

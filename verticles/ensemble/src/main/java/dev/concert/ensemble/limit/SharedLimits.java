package dev.concert.ensemble.limit;

import dev.concert.ensemble.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds all nodes together to each limit, through Redis, without any request waiting for it.
 *
 * <p>At the beginning of a minute each node has an equal share of every limit. What a node does not
 * need goes back to Redis when another one wants it, and a node that runs short takes from there
 * what is left. The shares of all nodes together are never more than the limit. A node that stops
 * gives back what it has; one that dies keeps it to the end of the minute.
 *
 * <p>While Redis is away each node goes on with the share it has, and begins the following minutes
 * with an equal one; a node that never reached Redis takes itself to be alone.
 *
 * <p>Lives on the context on which it was started.
 */
public final class SharedLimits {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLimits.class);

  /** Between two looks at who wants more. */
  private static final long TICK_MS = 200;

  /** Every so many ticks everything that was used is told. */
  private static final int SECOND = 5;

  /** So soon after a shortage begins it is told; those of other subjects go along. */
  private static final long SHORTAGE_MS = 5;

  /** Subjects that are told of at once, without waiting for an answer; then come the next ones. */
  private static final int MOST_AT_ONCE = 500;

  /** At the start; each takes half a second at most. */
  private static final int FIRST_TRIES = 6;

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final LimitKeys keys;
  private final LongSupplier clockMillis;
  private final Membership members;
  private final Exchange exchange;
  private final RateLimiters limiters;
  private final Set<RateLimiter> shortOf = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean hurried = new AtomicBoolean();
  private Future<Void> telling = Future.succeededFuture();
  private volatile boolean away;
  private boolean stopped;
  private int ticks;

  private SharedLimits(Vertx vertx, RedisLink redis, String namespace, LongSupplier clockMillis) {
    String node = UUID.randomUUID().toString();
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.keys = new LimitKeys(namespace);
    this.clockMillis = clockMillis;
    this.members = new Membership(redis, keys, node, clockMillis);
    this.exchange = new Exchange(redis, keys, node);
    this.limiters = RateLimiters.sharing(clockMillis, new OfThisNode());
  }

  /**
   * Completes when Redis has answered, or has not within three seconds; at once where nobody
   * listens there. Who begins without Redis takes the whole of every limit, so a slow one is waited
   * for.
   *
   * @param namespace what nodes of one name share; no braces
   */
  public static Future<SharedLimits> start(
      Vertx vertx, RedisLink redis, String namespace, LongSupplier clockMillis) {
    SharedLimits shared = new SharedLimits(vertx, redis, namespace, clockMillis);
    return shared.reach(FIRST_TRIES).transform(begun -> Future.succeededFuture(shared.later()));
  }

  private Future<Void> reach(int tries) {
    return second()
        .compose(tried -> away && tries > 1 ? reach(tries - 1) : Future.succeededFuture());
  }

  /**
   * Gives back what this node has left, so that the others can use it; to be called when it grants
   * nothing more. Redis is not asked any more after that.
   */
  public Future<Void> stop() {
    stopped = true;
    return telling
        .transform(told -> away ? Future.succeededFuture() : leave())
        // Who cannot say that it leaves is missed after a while.
        .otherwiseEmpty()
        .eventually(redis::close);
  }

  private Future<Void> leave() {
    List<RateLimiter> limited = limitedNow(limiters.all()).toList();
    if (limited.size() > MOST_AT_ONCE) {
      // Not all can be told of in time, and what is not told of must not be given to others.
      return Future.succeededFuture();
    }
    return Future.join(
            limited.stream()
                .map(limiter -> exchange.leave(limiter.subject(), limiter.last()))
                .toList())
        .compose(told -> members.leave());
  }

  private Stream<RateLimiter> limitedNow(Collection<RateLimiter> subjects) {
    return subjects.stream()
        .filter(limiter -> limiter.last().number() == minute())
        .filter(limiter -> limiter.last().limit().limits());
  }

  /** Their limits are those of all nodes together. */
  public RateLimiters limiters() {
    return limiters;
  }

  /** Whether Redis answered when it was asked last. */
  public boolean connected() {
    return !away;
  }

  /** Whether the next minute is known to be split among so many nodes. */
  boolean settledNext(int nodes) {
    return members.settled(minute() + 1).filter(split -> split.nodes() == nodes).isPresent();
  }

  private final class OfThisNode implements Shares {
    @Override
    public Split of(long minute) {
      return members.of(minute);
    }

    @Override
    public void isShort(RateLimiter limiter) {
      if (shortOf.add(limiter) && hurried.compareAndSet(false, true)) {
        context.runOnContext(now -> vertx.setTimer(SHORTAGE_MS, timer -> hurry()));
      }
    }
  }

  private void hurry() {
    hurried.set(false);
    List<RateLimiter> hurt = List.copyOf(shortOf);
    hurt.forEach(shortOf::remove);
    if (!away && !stopped) {
      tell(hurt);
    }
  }

  private SharedLimits later() {
    if (stopped) {
      return this;
    }
    vertx.setTimer(TICK_MS, timer -> tick().onComplete(done -> later()));
    return this;
  }

  private Future<Void> tick() {
    if (stopped) {
      return Future.succeededFuture();
    }
    ticks = (ticks + 1) % SECOND;
    if (ticks == 0) {
      return second();
    }
    return away ? Future.succeededFuture() : wanted();
  }

  private Future<Void> second() {
    return members
        .refresh()
        .onSuccess(heard -> isAway(false))
        .onFailure(failure -> isAway(true))
        .compose(heard -> wanted())
        .compose(heard -> tell(active()))
        // It was logged, and the next second tries again.
        .otherwiseEmpty();
  }

  /** Those that were used in the second that ends. */
  private List<RateLimiter> active() {
    return limiters.all().stream().filter(limiter -> limiter.last().secondEnds()).toList();
  }

  /** Looks who wants more, this node or another, so that what is spare here can go there. */
  private Future<Void> wanted() {
    return redis
        .send(Request.cmd(Command.SRANDMEMBER).arg(keys.wanted(minute())).arg(MOST_AT_ONCE))
        .compose(
            subjects ->
                tell(subjects.stream().map(subject -> limiter(subject.toString())).toList()))
        .otherwiseEmpty();
  }

  /** As {@code exchange.lua} writes it: two limits and a subject. */
  private RateLimiter limiter(String wanted) {
    String[] words = wanted.split(" ", 3);
    RateLimiter limiter = limiters.of(words[2]);
    limiter.window(new RateLimit(Long.parseLong(words[0]), Long.parseLong(words[1])));
    return limiter;
  }

  /** One telling after the other: two at once of a subject would both be granted the same. */
  private Future<Void> tell(List<RateLimiter> subjects) {
    telling = telling.transform(before -> tellNow(subjects)).otherwiseEmpty();
    return telling;
  }

  private Future<Void> tellNow(List<RateLimiter> subjects) {
    List<RateLimiter> limited = limitedNow(subjects).toList();
    Future<Void> told = Future.succeededFuture();
    for (int from = 0; from < limited.size(); from += MOST_AT_ONCE) {
      List<RateLimiter> some = limited.subList(from, Math.min(from + MOST_AT_ONCE, limited.size()));
      told = told.compose(before -> tellAtOnce(some));
    }
    return told;
  }

  private Future<Void> tellAtOnce(List<RateLimiter> some) {
    return Future.join(
            some.stream().map(limiter -> exchange.run(limiter.subject(), limiter.last())).toList())
        .mapEmpty();
  }

  private void isAway(boolean now) {
    if (now != away) {
      LOG.warn(
          now
              ? "Redis does not answer: limits are kept by this node's share until it does"
              : "Redis answers again: limits are those of all nodes together");
    }
    away = now;
  }

  private long minute() {
    return Math.floorDiv(clockMillis.getAsLong(), Window.LENGTH_MS);
  }
}

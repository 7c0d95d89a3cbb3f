package dev.concert.ensemble.limit;

import dev.concert.ensemble.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds all nodes together to each limit, through Redis, without any request waiting for it.
 *
 * <p>Of every limit each node holds an equal share. What a node does not need goes back to Redis
 * when another one wants it, and a node that runs short takes from there what is left. What all
 * nodes hold together is never more than the limit, and no node uses more in any sixty seconds than
 * it holds. A node that stops gives back what it has; one that dies keeps it until it is certain
 * that it uses nothing.
 *
 * <p>While Redis is away each node goes on with what it holds; a node that never reached Redis
 * takes itself to be alone.
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

  /** Until others can have told that they hold no more than what is fair. */
  private static final long AGAIN_MS = 5_000;

  /** At the start; each takes half a second at most. */
  private static final int FIRST_TRIES = 6;

  /** Between two of them, while Redis does not say yet whether this node is alone. */
  private static final long START_MS = 400;

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final LimitKeys keys;
  private final NodeName node;
  private final Membership members;
  private final Exchange exchange;
  private final RateLimiters limiters;
  private final Set<RateLimiter> shortOf = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean hurried = new AtomicBoolean();
  private Future<Void> telling = Future.succeededFuture();
  private volatile boolean away;
  private Optional<String> predecessor;
  private String toldEra = "";
  private boolean stopped;
  private int ticks;

  SharedLimits(
      Vertx vertx,
      RedisLink redis,
      String namespace,
      NodeName node,
      LongSupplier clockMillis,
      Spans spans) {
    this.node = node;
    this.predecessor = node.predecessor();
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.keys = new LimitKeys(namespace);
    this.members = new Membership(redis, keys, node.name(), clockMillis, spans);
    this.exchange = new Exchange(redis, keys, node.name(), members, clockMillis, spans);
    this.limiters = RateLimiters.sharing(clockMillis, spans.window(), new OfThisNode());
  }

  /**
   * Completes when Redis has answered, or has not within three seconds; at once where nobody
   * listens there. Who begins without Redis takes the whole of every limit, so a slow one is waited
   * for.
   *
   * @param namespace what nodes of one name share; no braces
   * @param node closed when this is stopped
   */
  public static Future<SharedLimits> start(
      Vertx vertx, RedisLink redis, String namespace, NodeName node, LongSupplier clockMillis) {
    return start(vertx, redis, namespace, node, clockMillis, Spans.USUAL);
  }

  static Future<SharedLimits> start(
      Vertx vertx,
      RedisLink redis,
      String namespace,
      NodeName node,
      LongSupplier clockMillis,
      Spans spans) {
    SharedLimits shared = new SharedLimits(vertx, redis, namespace, node, clockMillis, spans);
    return shared.reach(FIRST_TRIES).transform(begun -> Future.succeededFuture(shared.later()));
  }

  /** Until it is known who else is there. */
  private Future<Void> reach(int tries) {
    return second()
        .compose(
            tried -> {
              if (tries == 1 || members.view().number() > 0) {
                return Future.succeededFuture();
              }
              return away
                  ? reach(tries - 1)
                  : vertx.timer(START_MS, TimeUnit.MILLISECONDS).compose(later -> reach(tries - 1));
            });
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
        .eventually(redis::close)
        .eventually(() -> vertx.executeBlocking(this::leaveName));
  }

  private Void leaveName() {
    node.close();
    return null;
  }

  private Future<Void> leave() {
    List<RateLimiter> limited = limited(limiters.all()).toList();
    if (limited.size() > MOST_AT_ONCE) {
      // Not all can be told of in time, and what is not told of must not be given to others.
      return Future.succeededFuture();
    }
    return Future.join(
            limited.stream()
                .map(limiter -> exchange.leave(limiter.subject(), window(limiter)))
                .toList())
        .compose(told -> members.leave());
  }

  private static Stream<RateLimiter> limited(Collection<RateLimiter> subjects) {
    return subjects.stream().filter(limiter -> limiter.window().limit().limits());
  }

  private static Window window(RateLimiter limiter) {
    return limiter.window(RateLimit.NONE);
  }

  /** Their limits are those of all nodes together. */
  public RateLimiters limiters() {
    return limiters;
  }

  /** Whether Redis answered when it was asked last. */
  public boolean connected() {
    return !away;
  }

  /** The nodes that this one knows of, and whether it uses what is its own among them. */
  View view() {
    return members.view();
  }

  private final class OfThisNode implements Shares {
    @Override
    public Split now() {
      return members.now();
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

  /** Who is there, who wants something, and what was used here. */
  Future<Void> second() {
    List<RateLimiter> kept = kept();
    kept.forEach(limiters::keep);
    return predecessor
        .map(members::died)
        .orElseGet(Future::succeededFuture)
        .onSuccess(known -> predecessor = Optional.empty())
        .compose(known -> members.refresh(told(kept)))
        .onSuccess(heard -> isAway(false))
        .onFailure(failure -> isAway(true))
        .compose(heard -> members.era().equals(toldEra) ? Future.succeededFuture() : again())
        .compose(heard -> wanted())
        .compose(heard -> tell(active()))
        .compose(heard -> forget())
        // It was logged, and the next second tries again.
        .otherwiseEmpty();
  }

  /** What others go by. */
  private List<RateLimiter> kept() {
    return limited(limiters.all()).filter(limiter -> limiter.window().isTold()).toList();
  }

  private Membership.Told told(List<RateLimiter> kept) {
    if (kept.isEmpty()) {
      return Membership.Told.NOTHING_TO_TELL;
    }
    return members.era().equals(toldEra) ? Membership.Told.ALL : Membership.Told.NOT_YET;
  }

  /** To a Redis that may have lost its memory all is told that others go by. */
  private Future<Void> again() {
    String era = members.era();
    return inTurn(() -> allOf(kept(), exchange::run)).onSuccess(told -> toldEra = era);
  }

  /** Those that were used in the second that ends. */
  private List<RateLimiter> active() {
    return limiters.all().stream().filter(limiter -> limiter.window().secondEnds()).toList();
  }

  /** What nobody uses needs not be remembered, neither here nor in Redis. */
  private Future<Void> forget() {
    if (!members.view().complete()) {
      return Future.succeededFuture();
    }
    List<RateLimiter> idle = kept().stream().filter(limiter -> limiter.window().isIdle()).toList();
    idle.forEach(limiter -> limiter.window().notIdleFor(AGAIN_MS));
    return inTurn(() -> allOf(idle, exchange::forget)).otherwiseEmpty();
  }

  /** Looks who wants more, this node or another, so that what is spare here can go there. */
  private Future<Void> wanted() {
    return redis
        .send(Request.cmd(Command.ZRANDMEMBER).arg(keys.wanted()).arg(MOST_AT_ONCE))
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

  private Future<Void> tell(List<RateLimiter> subjects) {
    return inTurn(() -> allOf(subjects, exchange::run)).otherwiseEmpty();
  }

  /** One telling after the other: two at once of a subject would both be granted the same. */
  private Future<Void> inTurn(Supplier<Future<Void>> tellings) {
    Future<Void> mine = telling.transform(before -> tellings.get());
    telling = mine.otherwiseEmpty();
    return mine;
  }

  private static Future<Void> allOf(
      List<RateLimiter> subjects, BiFunction<String, Window, Future<Void>> how) {
    // One may be wanted by an old limit and by a new one.
    List<RateLimiter> limited = limited(subjects).distinct().toList();
    Future<Void> told = Future.succeededFuture();
    for (int from = 0; from < limited.size(); from += MOST_AT_ONCE) {
      List<RateLimiter> some = limited.subList(from, Math.min(from + MOST_AT_ONCE, limited.size()));
      told = told.compose(before -> atOnce(some, how));
    }
    return told;
  }

  private static Future<Void> atOnce(
      List<RateLimiter> some, BiFunction<String, Window, Future<Void>> how) {
    return Future.join(
            some.stream().map(limiter -> how.apply(limiter.subject(), window(limiter))).toList())
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
}

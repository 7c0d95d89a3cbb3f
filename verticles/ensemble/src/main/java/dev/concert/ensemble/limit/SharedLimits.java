package dev.concert.ensemble.limit;

import dev.concert.foundation.redis.RedisLink;
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
 * Enforces limits over all nodes through Redis, without a request ever waiting for Redis.
 *
 * <p>Each node holds an equal share of every limit. What a node does not need returns to Redis when
 * another node wants it, and a node that runs short takes from there. All nodes together never hold
 * more than the limit, and no node uses more than it holds in any sixty seconds. A node that stops
 * returns what it has; one that dies keeps it until it is certain that it uses nothing.
 *
 * <p>While Redis is unreachable, each node continues with what it holds. A node that never reached
 * Redis assumes that it is alone.
 *
 * <p>Lives on the context on which it was started.
 */
public final class SharedLimits {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLimits.class);

  /** The time between two checks of who wants more. */
  private static final long TICK_MS = 200;

  /** All usage is reported every so many ticks. */
  private static final int SECOND = 5;

  /** A shortage is reported after this time, together with those of other subjects. */
  private static final long SHORTAGE_MS = 5;

  /** The number of subjects that are reported concurrently. */
  private static final int MOST_AT_ONCE = 500;

  /** The time until others can have reported that they hold no more than their fair share. */
  private static final long AGAIN_MS = 5_000;

  /** Attempts at the start; each takes half a second at most. */
  private static final int FIRST_TRIES = 6;

  /** The pause between two attempts, while Redis does not yet say whether this node is alone. */
  private static final long START_MS = 400;

  private final Vertx vertx;
  private final Context context;
  private final RedisLink redis;
  private final LimitKeys keys;
  private final LimitNodeName node;
  private final LimitCluster members;
  private final QuotaSync exchange;
  private final RateLimiters limiters;
  private final Set<RateLimiter> shortOf = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean hurried = new AtomicBoolean();
  private Future<Void> telling = Future.succeededFuture();
  private volatile boolean away;
  private Optional<String> predecessor;
  private String reportedEra = "";
  private boolean stopped;
  private int ticks;

  SharedLimits(
      Vertx vertx,
      RedisLink redis,
      String namespace,
      LimitNodeName node,
      LongSupplier clockMillis,
      LimitTimings timings) {
    this.node = node;
    this.predecessor = node.predecessor();
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.redis = redis;
    this.keys = new LimitKeys(namespace);
    this.members = new LimitCluster(redis, keys, node.name(), clockMillis, timings);
    this.exchange = new QuotaSync(redis, keys, node.name(), members, clockMillis, timings);
    this.limiters = RateLimiters.sharing(clockMillis, timings.window(), new OfThisNode());
  }

  /**
   * Completes when Redis has answered, after three seconds without an answer, or at once if the
   * connection is refused. A node that starts without Redis takes every limit whole, so it waits
   * for a slow Redis.
   *
   * @param namespace nodes with the same namespace share their limits; without braces
   * @param node the name of this node; closed by {@link #stop}
   */
  public static Future<SharedLimits> start(
      Vertx vertx,
      RedisLink redis,
      String namespace,
      LimitNodeName node,
      LongSupplier clockMillis) {
    return start(vertx, redis, namespace, node, clockMillis, LimitTimings.USUAL);
  }

  static Future<SharedLimits> start(
      Vertx vertx,
      RedisLink redis,
      String namespace,
      LimitNodeName node,
      LongSupplier clockMillis,
      LimitTimings timings) {
    SharedLimits shared = new SharedLimits(vertx, redis, namespace, node, clockMillis, timings);
    return shared.reach(FIRST_TRIES).transform(begun -> Future.succeededFuture(shared.later()));
  }

  /** Retries until the other nodes are known. */
  private Future<Void> reach(int tries) {
    return second()
        .compose(
            tried -> {
              if (tries == 1 || members.ring().number() > 0) {
                return Future.succeededFuture();
              }
              return away
                  ? reach(tries - 1)
                  : vertx.timer(START_MS, TimeUnit.MILLISECONDS).compose(later -> reach(tries - 1));
            });
  }

  /**
   * Returns what this node has left, so that others can use it. Call it when nothing more is
   * granted. Redis is not used after that.
   */
  public Future<Void> stop() {
    stopped = true;
    return telling
        .transform(reported -> away ? Future.succeededFuture() : leave())
        // A node that cannot announce its leaving times out.
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
      // If not everything can be reported in time, the rest must not go to others.
      return Future.succeededFuture();
    }
    return Future.join(
            limited.stream()
                .map(limiter -> exchange.leave(limiter.subject(), window(limiter)))
                .toList())
        .compose(reported -> members.leave());
  }

  private static Stream<RateLimiter> limited(Collection<RateLimiter> subjects) {
    return subjects.stream().filter(limiter -> limiter.window().limit().limits());
  }

  private static QuotaWindow window(RateLimiter limiter) {
    return limiter.window(RateLimit.NONE);
  }

  /** Limiters that share with the other nodes. */
  public RateLimiters limiters() {
    return limiters;
  }

  /** Whether Redis answered the last request. */
  public boolean connected() {
    return !away;
  }

  /** How many nodes there are, as far as this one knows. Callable on any thread. */
  public int nodes() {
    return Math.max(1, members.ring().nodes().size());
  }

  /** The current ring. */
  NodeRing ring() {
    return members.ring();
  }

  private final class OfThisNode implements QuotaShares {
    @Override
    public ShareRule now() {
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
      report(hurt);
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

  /** Refreshes the ring, the demand and the reported usage. */
  Future<Void> second() {
    List<RateLimiter> kept = kept();
    kept.forEach(limiters::keep);
    return predecessor
        .map(members::died)
        .orElseGet(Future::succeededFuture)
        .onSuccess(known -> predecessor = Optional.empty())
        .compose(known -> members.refresh(reported(kept)))
        .onSuccess(reply -> isAway(false))
        .onFailure(failure -> isAway(true))
        .compose(reply -> members.era().equals(reportedEra) ? Future.succeededFuture() : again())
        .compose(reply -> wanted())
        .compose(reply -> report(active()))
        .compose(reply -> forget())
        // It was logged; the next second retries.
        .otherwiseEmpty();
  }

  /** The limiters that have a reported hold. */
  private List<RateLimiter> kept() {
    return limited(limiters.all()).filter(limiter -> limiter.window().isReported()).toList();
  }

  private LimitCluster.Reported reported(List<RateLimiter> kept) {
    if (kept.isEmpty()) {
      return LimitCluster.Reported.NOTHING_TO_TELL;
    }
    return members.era().equals(reportedEra)
        ? LimitCluster.Reported.ALL
        : LimitCluster.Reported.NOT_YET;
  }

  /** Reports everything again to a Redis that may have lost its memory. */
  private Future<Void> again() {
    String era = members.era();
    return inTurn(() -> allOf(kept(), exchange::run)).onSuccess(reported -> reportedEra = era);
  }

  /** The limiters that were used in the last second. */
  private List<RateLimiter> active() {
    return limiters.all().stream().filter(limiter -> limiter.window().secondEnds()).toList();
  }

  /** Forgets unused subjects, here and in Redis. */
  private Future<Void> forget() {
    if (!members.ring().complete()) {
      return Future.succeededFuture();
    }
    List<RateLimiter> idle = kept().stream().filter(limiter -> limiter.window().isIdle()).toList();
    idle.forEach(limiter -> limiter.window().notIdleFor(AGAIN_MS));
    return inTurn(() -> allOf(idle, exchange::forget)).otherwiseEmpty();
  }

  /** Checks who wants more, this node or another one, and moves what is spare. */
  private Future<Void> wanted() {
    return redis
        .send(Request.cmd(Command.ZRANDMEMBER).arg(keys.wanted()).arg(MOST_AT_ONCE))
        .compose(
            subjects ->
                report(subjects.stream().map(subject -> limiter(subject.toString())).toList()))
        .otherwiseEmpty();
  }

  /** Parses an entry of {@code quota-sync.lua}: two limits and a subject. */
  private RateLimiter limiter(String wanted) {
    String[] words = wanted.split(" ", 3);
    RateLimiter limiter = limiters.of(words[2]);
    limiter.window(new RateLimit(Long.parseLong(words[0]), Long.parseLong(words[1])));
    return limiter;
  }

  private Future<Void> report(List<RateLimiter> subjects) {
    return inTurn(() -> allOf(subjects, exchange::run)).otherwiseEmpty();
  }

  /** Syncs a subject, one report at a time: two at once would both be granted the same. */
  private Future<Void> inTurn(Supplier<Future<Void>> tellings) {
    Future<Void> mine = telling.transform(before -> tellings.get());
    telling = mine.otherwiseEmpty();
    return mine;
  }

  private static Future<Void> allOf(
      List<RateLimiter> subjects, BiFunction<String, QuotaWindow, Future<Void>> how) {
    // A subject may be wanted under an old limit and under a new one.
    List<RateLimiter> limited = limited(subjects).distinct().toList();
    Future<Void> reported = Future.succeededFuture();
    for (int from = 0; from < limited.size(); from += MOST_AT_ONCE) {
      List<RateLimiter> some = limited.subList(from, Math.min(from + MOST_AT_ONCE, limited.size()));
      reported = reported.compose(before -> atOnce(some, how));
    }
    return reported;
  }

  private static Future<Void> atOnce(
      List<RateLimiter> some, BiFunction<String, QuotaWindow, Future<Void>> how) {
    return Future.join(
            some.stream().map(limiter -> how.apply(limiter.subject(), window(limiter))).toList())
        .mapEmpty();
  }

  private void isAway(boolean now) {
    if (now != away) {
      LOG.warn(
          now
              ? "Redis does not answer. Until it does, this node enforces its own share of the"
                  + " limits"
              : "Redis answers again. Limits are shared by all nodes");
    }
    away = now;
  }
}

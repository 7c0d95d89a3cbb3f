package dev.concert.ensemble.limit;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.foundation.redis.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A process with Ensemble in it, as far as limits go. Redis goes by the test's clock as well. */
final class LimitNode implements AutoCloseable {
  private static final String NAMESPACE = "test";

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final LimitNodeName name;
  private final RedisLink redis;
  private final SharedLimits limits;
  private boolean over;

  private LimitNode(
      String url, LimitNodeName name, LongSupplier clock, LimitTimings timings, boolean ticks) {
    this.name = name;
    redis = new RedisLink(vertx, url);
    limits =
        on(
            () ->
                ticks
                    ? SharedLimits.start(vertx, redis, NAMESPACE, name, clock, timings)
                    : Future.succeededFuture(
                        new SharedLimits(vertx, redis, NAMESPACE, name, clock, timings)));
  }

  /** One that has started, and goes on by itself. */
  static LimitNode started(String url, LongSupplier clock) {
    return started(url, LimitNodeName.transientName(), clock);
  }

  /** The same on a host that has a place for its name. */
  static LimitNode started(String url, LimitNodeName name, LongSupplier clock) {
    return new LimitNode(url, name, clock, new LimitTimings(60_000, 90_000, 0, true), true);
  }

  /** One that does what it is reported to, and nothing by time. */
  static LimitNode still(String url, LongSupplier clock) {
    return new LimitNode(
        url,
        LimitNodeName.transientName(),
        clock,
        new LimitTimings(60_000, 90_000, 1_500, true),
        false);
  }

  /** What it does once in a second. */
  void second() {
    on(limits::second);
  }

  RateLimiter key(String name) {
    return limits.limiters().ofKey(name);
  }

  NodeRing ring() {
    return limits.ring();
  }

  /** Whether Redis answered the last request. */
  boolean connected() {
    return limits.connected();
  }

  /** As a process that is reported to end. */
  @Override
  public void close() {
    if (!over) {
      over = true;
      on(limits::stop);
      RunningEnsemble.await(vertx.close());
    }
  }

  /** As a process that is killed: nothing is said to anybody. */
  void die() {
    over = true;
    RunningEnsemble.await(vertx.close());
    name.close();
  }

  private <T> T on(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(now -> work.get().onComplete(done));
    return RunningEnsemble.await(done.future());
  }
}

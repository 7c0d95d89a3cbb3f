package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.redis.RedisLink;
import dev.concert.ensemble.redis.RedisServer;
import dev.concert.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that share their limits through a real Redis, on a clock that the test moves on. */
class SharedLimitsTest {
  private static final RateLimit LIMIT = new RateLimit(100, 1_000_000);

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = new RedisServer(folder);
    clock.moveTo(10);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /** A process with Ensemble in it, as far as limits go. */
  private final class Node implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final SharedLimits limits;

    Node() {
      Promise<SharedLimits> started = Promise.promise();
      context.runOnContext(
          now ->
              SharedLimits.start(vertx, new RedisLink(vertx, redis.url()), "test", clock)
                  .onComplete(started));
      limits = RunningEnsemble.await(started.future());
    }

    RateDecision ask(long tokens) {
      return limits.limiters().ofKey("k").reserve(LIMIT, tokens);
    }

    int granted(int calls) {
      int granted = 0;
      for (int call = 0; call < calls; call++) {
        if (ask(10) instanceof RateDecision.Granted) {
          granted++;
        }
      }
      return granted;
    }

    long used() {
      return limits.limiters().ofKey("k").requests();
    }

    /** As a process that is told to end. */
    @Override
    public void close() {
      Promise<Void> stopped = Promise.promise();
      context.runOnContext(now -> limits.stop().onComplete(stopped));
      RunningEnsemble.await(stopped.future());
      RunningEnsemble.await(vertx.close());
    }

    /** As a process that is killed: nothing is said to anybody. */
    void die() {
      RunningEnsemble.await(vertx.close());
    }
  }

  /** Two nodes that have settled the split of a minute that has just begun. */
  private void settle(Node... nodes) {
    clock.moveTo(56);
    Await.until(() -> Arrays.stream(nodes).allMatch(node -> node.limits.settledNext(nodes.length)));
    clock.moveTo(1);
  }

  @Test
  void aMinuteBeginsWithEqualShares() {
    try (Node one = new Node();
        Node two = new Node()) {
      settle(one, two);
      assertThat(one.granted(50)).isEqualTo(50);
      assertThat(two.granted(50)).isEqualTo(50);
      assertThat(one.ask(10)).isInstanceOf(RateDecision.Refused.class);
      assertThat(two.ask(10)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void whatOneNodeDoesNotNeedGoesToTheOther() {
    try (Node one = new Node();
        Node two = new Node()) {
      settle(one, two);
      Await.until(() -> one.granted(5) >= 0 && one.used() == 100);
      assertThat(two.ask(10)).isInstanceOf(RateDecision.Refused.class);
      assertThat(one.ask(10))
          .isInstanceOfSatisfying(
              RateDecision.Refused.class,
              refused -> assertThat(refused.retryAfterMs()).isGreaterThan(30_000));
    }
  }

  @Test
  void nodesThatCompeteGetTheWholeLimitAndNotOneCallMore() {
    try (Node one = new Node();
        Node two = new Node();
        Node three = new Node()) {
      settle(one, two, three);
      Await.until(
          () -> {
            one.granted(7);
            two.granted(3);
            three.granted(1);
            return one.used() + two.used() + three.used() >= 100;
          });
      for (int more = 0; more < 100; more++) {
        one.granted(3);
        two.granted(3);
        three.granted(3);
      }
      assertThat(one.used() + two.used() + three.used()).isEqualTo(100);
    }
  }

  @Test
  void eachOfMoreKeysThanAreToldOfAtOnceIsKnownToTheOtherNode() {
    RateLimit wide = new RateLimit(1_000_000, 1_000_000);
    try (Node one = new Node();
        Node two = new Node()) {
      settle(one, two);
      List<String> keys = IntStream.range(0, 1_200).mapToObj(key -> "key" + key).toList();
      keys.forEach(key -> one.limits.limiters().ofKey(key).reserve(wide, 1));
      // A node hears of a key when it tells of it itself, in the second in which it was used.
      Await.until(
          () -> {
            keys.forEach(key -> two.limits.limiters().ofKey(key).reserve(wide, 1));
            return keys.stream().allMatch(key -> usedElsewhere(two, key) == 1);
          });
    }
  }

  private static long usedElsewhere(Node node, String key) {
    Window window = node.limits.limiters().ofKey(key).last();
    return window.usedByAll().minus(window.used()).requests();
  }

  @Test
  void aNodeThatComesLaterGetsWhatIsLeft() {
    try (Node one = new Node()) {
      settle(one);
      one.granted(20);
      try (Node two = new Node()) {
        assertThat(two.ask(10)).isInstanceOf(RateDecision.Refused.class);
        Await.until(() -> two.granted(1) >= 0 && two.used() == 80);
        assertThat(one.ask(10)).isInstanceOf(RateDecision.Refused.class);
      }
    }
  }

  @Test
  void theShareOfANodeThatDiesIsLostForItsMinuteOnlyAndIsUsedByNobody() {
    try (Node one = new Node()) {
      Node two = new Node();
      settle(one, two);
      Await.until(() -> two.granted(1) >= 0 && two.used() == 60);
      two.die();
      Await.until(() -> one.granted(1) >= 0 && one.used() == 40 - held(two));
      assertThat(one.ask(10)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void aNodeThatStopsGivesItsShareBackAtOnceAndIsNotCountedAnyMore() {
    try (Node one = new Node()) {
      Node two = new Node();
      settle(one, two);
      two.granted(20);
      two.close();
      Await.until(() -> one.granted(1) >= 0 && one.used() == 80);
      assertThat(one.ask(10)).isInstanceOf(RateDecision.Refused.class);
      settle(one);
      assertThat(one.granted(200)).isEqualTo(100);
    }
  }

  @Test
  void aNodeThatStopsWithoutHavingUsedAnythingLeavesAllToTheOthers() {
    try (Node one = new Node()) {
      Node two = new Node();
      settle(one, two);
      two.close();
      Await.until(() -> one.granted(1) >= 0 && one.used() == 100);
    }
  }

  private static long held(Node dead) {
    Window window = dead.limits.limiters().ofKey("k").last();
    return window.held().requests() - window.used().requests();
  }

  @Test
  void withoutRedisFromTheBeginningANodeGoesOnAlone() {
    redis.kill();
    try (Node one = new Node()) {
      assertThat(one.limits.connected()).isFalse();
      assertThat(one.granted(200)).isEqualTo(100);
    }
  }

  @Test
  void aNodeThatStartsWhileRedisIsSlowDoesNotTakeItselfToBeAlone() {
    try (Node one = new Node()) {
      settle(one);
      redis.freeze();
      CompletableFuture<Node> starting = CompletableFuture.supplyAsync(Node::new);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      redis.thaw();
      try (Node two = starting.join()) {
        assertThat(two.limits.connected()).isTrue();
        assertThat(two.ask(10)).isInstanceOf(RateDecision.Refused.class);
      }
    }
  }

  @Test
  void whileRedisIsAwayEachNodeHasItsShareAndAfterwardsTheyShareAgain() {
    try (Node one = new Node();
        Node two = new Node()) {
      settle(one, two);
      redis.kill();
      clock.moveTo(1);
      assertThat(one.granted(100)).isEqualTo(50);
      clock.moveTo(1);
      assertThat(one.granted(100) + two.granted(100)).isEqualTo(100);
      clock.moveTo(1);
      two.granted(10);
      redis.start();
      Await.until(() -> one.granted(1) >= 0 && one.used() == 90);
      Await.until(() -> one.limits.connected() && two.limits.connected());
      assertThat(one.ask(10)).isInstanceOf(RateDecision.Refused.class);
      assertThat(two.ask(10)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void aRedisThatLostItsMemoryDoesNotGrantWhatSomebodyMayHaveUsedBefore() {
    try (Node two = new Node()) {
      Node one = new Node();
      settle(one, two);
      Await.until(() -> one.granted(1) >= 0 && one.used() == 90);
      redis.kill();
      one.die();
      redis.start();
      long startedAt = System.nanoTime();
      Await.until(
          () ->
              two.granted(1) >= 0
                  && System.nanoTime() - startedAt > TimeUnit.SECONDS.toNanos(3)
                  && two.limits.connected());
      // What was given back may have been lost with Redis, so it may be less.
      assertThat(two.used()).isBetween(1L, 10L);
    }
  }

  @Test
  void aRedisThatStandsStillHoldsNobodyUpAndLeadsToNoCallTooMany() {
    try (Node one = new Node();
        Node two = new Node()) {
      settle(one, two);
      redis.freeze();
      assertThat(one.granted(60)).isEqualTo(50);
      assertThat(two.granted(20)).isEqualTo(20);
      Await.until(() -> !one.limits.connected() && !two.limits.connected());
      redis.thaw();
      Await.until(() -> one.granted(1) >= 0 && one.used() == 80);
      two.granted(10);
      assertThat(one.used() + two.used()).isEqualTo(100);
    }
  }

  @Test
  void aLimitThatIsLoweredHoldsOnAllNodesAtOnce() {
    try (Node one = new Node();
        Node two = new Node()) {
      settle(one, two);
      one.granted(30);
      RateLimit lower = new RateLimit(40, 1_000_000);
      assertThat(one.limits.limiters().ofKey("k").reserve(lower, 1))
          .isInstanceOf(RateDecision.Refused.class);
    }
  }
}

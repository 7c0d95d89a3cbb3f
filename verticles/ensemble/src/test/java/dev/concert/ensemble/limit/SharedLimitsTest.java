package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import java.nio.file.Path;
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
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private LimitNode node() {
    return LimitNode.started(redis.url(), clock);
  }

  private static RateDecision ask(LimitNode node) {
    return node.key("k").reserve(LIMIT, 10);
  }

  private static int granted(LimitNode node, int calls) {
    int granted = 0;
    for (int call = 0; call < calls; call++) {
      if (ask(node) instanceof RateDecision.Granted) {
        granted++;
      }
    }
    return granted;
  }

  private static long used(LimitNode node) {
    return node.key("k").requests();
  }

  /** The nodes know of each other, and what was used before counts no more. */
  private void settle(LimitNode... nodes) {
    for (LimitNode one : nodes) {
      // Who comes while others are being let in comes in after them.
      if (!one.ring().complete() || one.ring().nodes().size() != nodes.length) {
        pass(80, nodes);
      }
    }
    for (LimitNode node : nodes) {
      assertThat(node.ring().complete()).isTrue();
      assertThat(node.ring().nodes()).hasSize(nodes.length);
    }
  }

  private void pass(int seconds, LimitNode... nodes) {
    for (int passed = 0; passed < seconds; passed += 5) {
      clock.advance(5_000);
      for (LimitNode node : nodes) {
        node.second();
      }
    }
  }

  @Test
  void nodesBeginWithEqualShares() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      assertThat(granted(one, 50)).isEqualTo(50);
      assertThat(granted(two, 50)).isEqualTo(50);
      assertThat(ask(one)).isInstanceOf(RateDecision.Refused.class);
      assertThat(ask(two)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void whatOneNodeDoesNotNeedGoesToTheOther() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      Await.until(() -> granted(one, 5) >= 0 && used(one) == 100);
      assertThat(ask(two)).isInstanceOf(RateDecision.Refused.class);
      assertThat(ask(one))
          .isInstanceOfSatisfying(
              RateDecision.Refused.class,
              refused -> assertThat(refused.retryAfterMs()).isGreaterThan(30_000));
    }
  }

  @Test
  void nodesThatCompeteGetTheWholeLimitAndNotOneCallMore() {
    try (LimitNode one = node();
        LimitNode two = node();
        LimitNode three = node()) {
      settle(one, two, three);
      Await.until(
          () -> {
            granted(one, 7);
            granted(two, 3);
            granted(three, 1);
            return used(one) + used(two) + used(three) >= 100;
          });
      for (int more = 0; more < 100; more++) {
        granted(one, 3);
        granted(two, 3);
        granted(three, 3);
      }
      assertThat(used(one) + used(two) + used(three)).isEqualTo(100);
    }
  }

  @Test
  void eachOfMoreKeysThanAreToldOfAtOnceIsKnownToTheOtherNode() {
    RateLimit wide = new RateLimit(1_000_000, 1_000_000);
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      List<String> keys = IntStream.range(0, 1_200).mapToObj(key -> "key" + key).toList();
      // A node hears of a key when it reports the key itself, in the second in which it used it.
      // Both
      // use it in each round: on a busy machine a use can be older than the window by then.
      Await.until(
          () -> {
            keys.forEach(key -> one.key(key).reserve(wide, 1));
            keys.forEach(key -> two.key(key).reserve(wide, 1));
            return keys.stream().allMatch(key -> usedElsewhere(two, key) >= 1);
          });
    }
  }

  private static long usedElsewhere(LimitNode node, String key) {
    QuotaWindow window = node.key(key).window();
    return window.usedByAll(window.used()).minus(window.used()).requests();
  }

  @Test
  void aNodeThatComesLaterGetsWhatIsLeft() {
    try (LimitNode one = node()) {
      settle(one);
      granted(one, 20);
      try (LimitNode two = node()) {
        assertThat(ask(two)).isInstanceOf(RateDecision.Refused.class);
        Await.until(() -> granted(two, 1) >= 0 && used(two) == 80);
        assertThat(ask(one)).isInstanceOf(RateDecision.Refused.class);
      }
    }
  }

  @Test
  void whatANodeHeldThatDiesIsUsedByNobodyUntilItIsMissed() {
    try (LimitNode one = node()) {
      LimitNode two = node();
      settle(one, two);
      Await.until(() -> granted(two, 1) >= 0 && used(two) == 60);
      two.die();
      Await.until(() -> granted(one, 1) >= 0 && used(one) == 40 - held(two));
      assertThat(ask(one)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void aNodeThatStopsGivesItsShareBackAtOnceAndIsNotCountedAnyMore() {
    try (LimitNode one = node()) {
      LimitNode two = node();
      settle(one, two);
      granted(two, 20);
      two.close();
      Await.until(() -> granted(one, 1) >= 0 && used(one) == 80);
      assertThat(ask(one)).isInstanceOf(RateDecision.Refused.class);
      settle(one);
      assertThat(granted(one, 200)).isEqualTo(100);
    }
  }

  @Test
  void aNodeThatStopsWithoutHavingUsedAnythingLeavesAllToTheOthers() {
    try (LimitNode one = node()) {
      LimitNode two = node();
      settle(one, two);
      two.close();
      Await.until(() -> granted(one, 1) >= 0 && used(one) == 100);
    }
  }

  private static long held(LimitNode dead) {
    QuotaWindow window = dead.key("k").window();
    return window.held().requests() - window.used().requests();
  }

  @Test
  void withoutRedisFromTheBeginningANodeGoesOnAlone() {
    redis.kill();
    try (LimitNode one = node()) {
      assertThat(one.connected()).isFalse();
      assertThat(granted(one, 200)).isEqualTo(100);
    }
  }

  @Test
  void aNodeThatStartsWhileRedisIsSlowDoesNotTakeItselfToBeAlone() {
    try (LimitNode one = node()) {
      settle(one);
      redis.freeze();
      CompletableFuture<LimitNode> starting = CompletableFuture.supplyAsync(this::node);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      redis.thaw();
      try (LimitNode two = starting.join()) {
        assertThat(two.connected()).isTrue();
        assertThat(ask(two)).isInstanceOf(RateDecision.Refused.class);
      }
    }
  }

  @Test
  void whileRedisIsAwayEachNodeHasItsShareAndAfterwardsTheyShareAgain() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      redis.kill();
      assertThat(granted(one, 100)).isEqualTo(50);
      pass(70, one, two);
      assertThat(granted(one, 100) + granted(two, 100)).isEqualTo(100);
      pass(70, one, two);
      granted(two, 10);
      redis.start();
      Await.until(() -> granted(one, 1) >= 0 && used(one) == 90);
      Await.until(() -> one.connected() && two.connected());
      assertThat(ask(one)).isInstanceOf(RateDecision.Refused.class);
      assertThat(ask(two)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void aRedisThatLostItsMemoryDoesNotGrantWhatSomebodyMayHaveUsedBefore() {
    try (LimitNode two = node()) {
      LimitNode one = node();
      settle(one, two);
      Await.until(() -> granted(one, 1) >= 0 && used(one) == 90);
      redis.kill();
      one.die();
      redis.start();
      long startedAt = System.nanoTime();
      Await.until(
          () ->
              granted(two, 1) >= 0
                  && System.nanoTime() - startedAt > TimeUnit.SECONDS.toNanos(3)
                  && two.connected());
      // What was given back may have been lost with Redis, so it may be less.
      assertThat(used(two)).isBetween(1L, 10L);
    }
  }

  @Test
  void aRedisThatStandsStillHoldsNobodyUpAndLeadsToNoCallTooMany() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      redis.freeze();
      assertThat(granted(one, 60)).isEqualTo(50);
      assertThat(granted(two, 20)).isEqualTo(20);
      Await.until(() -> !one.connected() && !two.connected());
      redis.thaw();
      Await.until(() -> granted(one, 1) >= 0 && used(one) == 80);
      granted(two, 10);
      assertThat(used(one) + used(two)).isEqualTo(100);
    }
  }

  @Test
  void aLimitThatIsLoweredHoldsOnAllNodesAtOnce() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      granted(one, 30);
      RateLimit lower = new RateLimit(40, 1_000_000);
      assertThat(one.key("k").reserve(lower, 1)).isInstanceOf(RateDecision.Refused.class);
    }
  }

  @Test
  void aNodeThatHasAllMakesRoomForAnotherAsWhatItHasUsedGrowsOld() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      Await.until(() -> granted(one, 5) >= 0 && used(one) == 100);
      for (int second = 0; second < 130; second++) {
        clock.advance(1_000);
        granted(one, 10);
        granted(two, 10);
        one.second();
        two.second();
        assertThat(used(one) + used(two)).isLessThanOrEqualTo(100);
      }
      assertThat(used(one)).isBetween(40L, 60L);
      assertThat(used(two)).isBetween(40L, 60L);
    }
  }

  @Test
  void whatNobodyUsesAnyMoreIsForgottenAndBeginsWithEqualSharesAgain() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      Await.until(() -> granted(one, 5) >= 0 && used(one) == 100);
      assertThat(one.key("k").window().isReported()).isTrue();
      pass(150, one, two);
      assertThat(one.key("k").window().isReported()).isFalse();
      assertThat(two.key("k").window().isReported()).isFalse();
      redis.kill();
      assertThat(granted(one, 100)).isEqualTo(50);
      assertThat(granted(two, 100)).isEqualTo(50);
    }
  }

  @Test
  void theShareOfANodeThatIsMissedGoesToTheOthers() {
    try (LimitNode one = node()) {
      LimitNode two = node();
      settle(one, two);
      two.die();
      pass(170, one);
      assertThat(granted(one, 200)).isEqualTo(100);
    }
  }

  @Test
  void whatIsWantedByAnOldLimitAndByANewOneIsGrantedOnce() {
    try (LimitNode one = node();
        LimitNode two = node()) {
      settle(one, two);
      for (int round = 0; round < 200; round++) {
        RateLimit limit = new RateLimit(100 + round % 2, 1_000_000);
        LimitNode busy = round / 50 % 2 == 0 ? one : two;
        for (int call = 0; call < 20; call++) {
          busy.key("k").reserve(limit, 1);
        }
        one.key("k").reserve(limit, 1);
        two.key("k").reserve(limit, 1);
        clock.advance(900);
        one.second();
        two.second();
        assertThat(used(one) + used(two)).isLessThanOrEqualTo(101);
      }
    }
  }
}

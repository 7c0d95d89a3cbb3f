package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.RedisServer;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that was killed and is started again, on a clock that the test moves on. */
@ExpectedLog(
    logger = "dev.concert.ensemble.limit.SharedLimits",
    message = "Redis (does not answer|answers again)",
    required = false)
class RestartedNodeTest {
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
    return LimitNode.started(redis.url(), LimitNodeName.of(folder.resolve("keys.db.node")), clock);
  }

  private static boolean isGranted(LimitNode node) {
    return node.key("k").reserve(LIMIT, 10) instanceof RateDecision.Granted;
  }

  private static void useAll(LimitNode node) {
    Await.until(() -> !isGranted(node) && node.key("k").requests() == 100);
  }

  private void pass(int seconds, LimitNode... nodes) {
    for (int second = 0; second < seconds; second++) {
      clock.advance(1_000);
      for (LimitNode node : nodes) {
        node.second();
      }
    }
  }

  @Test
  void hasTheWholeLimitAgainOnceWhatItMayHaveUsedBeforeIsTooOld() {
    LimitNode killed = node();
    useAll(killed);
    killed.die();
    try (LimitNode again = node()) {
      pass(58, again);
      assertThat(isGranted(again)).isFalse();
      pass(8, again);
      useAll(again);
    }
  }

  @Test
  void leavesTheOthersTheirs() {
    try (LimitNode other = LimitNode.started(redis.url(), clock)) {
      LimitNode killed = node();
      pass(80, other, killed);
      Await.until(() -> isGranted(killed));
      killed.die();
      try (LimitNode again = node()) {
        pass(70, other, again);
        Await.until(() -> other.ring().nodes().size() == 2 && other.ring().complete());
        int together = 0;
        for (int call = 0; call < 100; call++) {
          together += (isGranted(other) ? 1 : 0) + (isGranted(again) ? 1 : 0);
        }
        assertThat(together).isBetween(90, 100);
      }
    }
  }

  @Test
  void beginsAtOnceWhereItWasToldToEndBefore() {
    LimitNode stopped = node();
    assertThat(isGranted(stopped)).isTrue();
    stopped.close();
    try (LimitNode again = node()) {
      Await.until(() -> isGranted(again));
    }
  }
}

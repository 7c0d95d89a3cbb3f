package dev.concert.foundation.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateBudgetsTest {
  private static final CallRate PER_SECOND = CallRate.oneIn(Duration.ofSeconds(1));

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final RateBudgets budgets = new RateBudgets(vertx, nanos::get);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void callersOfAScopeWaitInOrderAndScopesDoNotDisturbEachOther() {
    assertThat(budgets.reserve("C1", PER_SECOND)).isZero();
    assertThat(budgets.reserve("C1", PER_SECOND)).isEqualTo(Duration.ofSeconds(1));
    assertThat(budgets.reserve("C1", PER_SECOND)).isEqualTo(Duration.ofSeconds(2));
    assertThat(budgets.reserve("C2", PER_SECOND)).isZero();
    pass(Duration.ofSeconds(10));
    assertThat(budgets.reserve("C1", PER_SECOND)).isZero();
    assertThat(budgets.reserve("C1", PER_SECOND)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aBurstIsAsLargeAsTheRateSays() {
    CallRate three = new CallRate(3, Duration.ofSeconds(3));
    for (int i = 0; i < 3; i++) {
      assertThat(budgets.reserve("T", three)).isZero();
    }
    assertThat(budgets.reserve("T", three)).isEqualTo(Duration.ofSeconds(1));
    assertThat(budgets.reserve("T", three)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void whatIsWorthLessLeavesAFifthOfTheRateToTheRest() {
    CallRate perMinute = CallRate.perMinute(50);
    List<Future<Void>> patient = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      patient.add(budgets.permitPatient("T", perMinute));
    }
    assertThat(patient.stream().filter(Future::isComplete)).hasSize(40);
    for (int i = 0; i < 10; i++) {
      assertThat(budgets.reserve("T", perMinute)).isZero();
    }
    assertThat(budgets.reserve("T", perMinute)).isEqualTo(Duration.ofMillis(1200));
  }

  @Test
  void whoDoesNotWaitTakesAFreePlaceOrNone() {
    CallRate two = new CallRate(2, Duration.ofSeconds(2));
    assertThat(budgets.tryAcquire("U", two)).isTrue();
    assertThat(budgets.tryAcquire("U", two)).isTrue();
    assertThat(budgets.tryAcquire("U", two)).isFalse();
    assertThat(budgets.tryAcquire("U", two)).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(budgets.tryAcquire("U", two)).isTrue();
  }

  @Test
  void whatTheServiceForbidsIsForbiddenForThatTime() {
    budgets.block("C1", Duration.ofSeconds(30));
    assertThat(budgets.reserve("C1", PER_SECOND)).isEqualTo(Duration.ofSeconds(30));
    assertThat(budgets.reserve("C1", PER_SECOND)).isEqualTo(Duration.ofSeconds(31));
    pass(Duration.ofSeconds(60));
    assertThat(budgets.reserve("C1", PER_SECOND)).isZero();
  }

  @Test
  void aRateWithoutCallsOrTimeIsRefused() {
    assertThatThrownBy(() -> new CallRate(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CallRate.oneIn(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package dev.concert.ensemble.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BudgetsTest {
  private static final BudgetAccount KEY =
      BudgetAccount.ofKey("k", budget("1.00", BudgetPeriod.DAY));
  private static final BudgetAccount CUSTOMER =
      BudgetAccount.ofCustomer("c", budget("1.50", BudgetPeriod.MONTH));
  private static final BigDecimal HALF = new BigDecimal("0.50");

  private Instant now = Instant.parse("2026-11-30T23:59:00Z");
  private final Budgets budgets =
      new Budgets(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  @Test
  void callsUnderWayCountWithTheirEstimate() {
    budgets.reserve(List.of(KEY), HALF);
    budgets.reserve(List.of(KEY), HALF);

    assertThatThrownBy(() -> budgets.reserve(List.of(KEY), new BigDecimal("0.000001")))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("budget of this key")
        .hasMessageContaining("$1 a day, has $0 left and the call might cost $0.000001")
        .hasMessageContaining("resets at 2026-12-01T00:00:00Z");
  }

  @Test
  void settlingPutsTheRealCostInThePlaceOfTheEstimateOnce() {
    BudgetReservation call = budgets.reserve(List.of(KEY, CUSTOMER), BigDecimal.ONE);
    call.settle(new BigDecimal("0.000111"));
    call.settle(new BigDecimal("0.000111"));

    assertThat(budgets.spent("key:k", BudgetPeriod.DAY)).isEqualByComparingTo("0.000111");
    assertThat(budgets.spent("customer:c", BudgetPeriod.TOTAL)).isEqualByComparingTo("0.000111");
    budgets.reserve(List.of(KEY), new BigDecimal("0.999889"));
  }

  @Test
  void whatOneBudgetRefusesIsNotHeldInTheOther() {
    budgets.reserve(List.of(CUSTOMER), BigDecimal.ONE);
    assertThatThrownBy(() -> budgets.reserve(List.of(KEY, CUSTOMER), new BigDecimal("0.60")))
        .hasMessageContaining("budget of this customer");

    budgets.reserve(List.of(KEY), BigDecimal.ONE);
  }

  @Test
  void aCallThatCostMoreThanItsEstimateEndsTheBudget() {
    budgets.reserve(List.of(KEY), HALF).settle(new BigDecimal("7"));

    assertThatThrownBy(() -> budgets.reserve(List.of(KEY), BigDecimal.ZERO))
        .isInstanceOf(ConcertException.class);
  }

  @Test
  void aDayBeginsAnewAndACallCountsInTheDayItBegan() {
    BudgetReservation late = budgets.reserve(List.of(KEY), BigDecimal.ONE);
    now = now.plusSeconds(120);
    late.settle(BigDecimal.ONE);

    assertThat(budgets.spent("key:k", BudgetPeriod.DAY)).isZero();
    assertThat(budgets.spent("key:k", BudgetPeriod.MONTH)).isZero();
    assertThat(budgets.spent("key:k", BudgetPeriod.TOTAL)).isEqualByComparingTo("1");
    budgets.reserve(List.of(KEY), BigDecimal.ONE);
  }

  @Test
  void whatWasSpentBeforeARestartCounts() {
    budgets.load("key:k", BudgetPeriod.DAY.at(now), new BigDecimal("0.75"));

    assertThatThrownBy(() -> budgets.reserve(List.of(KEY), HALF))
        .isInstanceOf(ConcertException.class);
  }

  @Test
  void manyAtOnceNeverSpendMoreThanTheBudget() throws Exception {
    BigDecimal cent = new BigDecimal("0.01");
    Callable<Integer> client =
        () -> {
          int granted = 0;
          for (int call = 0; call < 100; call++) {
            try {
              budgets.reserve(List.of(CUSTOMER, KEY), cent).settle(cent);
              granted++;
            } catch (ConcertException spentUp) {
              // Not counted.
            }
          }
          return granted;
        };
    int sum = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(client);
      }
      for (Future<Integer> one : threads.invokeAll(clients)) {
        sum += one.get();
      }
    }

    assertThat(sum).isEqualTo(100);
    assertThat(budgets.spent("key:k", BudgetPeriod.DAY)).isEqualByComparingTo("1.00");
    assertThat(budgets.spent("customer:c", BudgetPeriod.MONTH)).isEqualByComparingTo("1.00");
  }

  private static Optional<Budget> budget(String amount, BudgetPeriod period) {
    return Optional.of(new Budget(new BigDecimal(amount), period));
  }
}

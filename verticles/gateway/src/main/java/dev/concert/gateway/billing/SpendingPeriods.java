package dev.concert.gateway.billing;

import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Sums what turns spend and hold, by the UTC day and month in which they begin. */
final class SpendingPeriods {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu-MM").withZone(ZoneOffset.UTC);

  private SpendingPeriods() {}

  /** Adds to the sums of the turn's day and month. */
  static Future<Void> add(
      LedgerTransaction ledger, CreditReservation turn, BigDecimal spent, BigDecimal reserved) {
    Instant began = Instant.ofEpochMilli(turn.began());
    return ledger
        .add(DAY.format(began), spent, reserved)
        .compose(_ -> ledger.add(MONTH.format(began), spent, reserved));
  }

  /**
   * Checks that a turn may hold more.
   *
   * @return fails with {@code INSUFFICIENT_CREDITS} that names the limit
   */
  static Future<Void> check(LedgerTransaction ledger, CreditReservation turn, BigDecimal more) {
    Instant began = Instant.ofEpochMilli(turn.began());
    SpendingLimits limits = ledger.account().limits();
    return check(ledger, limits.perDay(), "day", DAY.format(began), more)
        .compose(_ -> check(ledger, limits.perMonth(), "month", MONTH.format(began), more));
  }

  private static Future<Void> check(
      LedgerTransaction ledger,
      Optional<BigDecimal> limit,
      String name,
      String period,
      BigDecimal more) {
    if (limit.isEmpty()) {
      return Future.succeededFuture();
    }
    return ledger
        .sum(period)
        .compose(
            sum -> {
              BigDecimal left = limit.get().subtract(sum.spent()).subtract(sum.reserved());
              return more.compareTo(left) <= 0
                  ? Future.succeededFuture()
                  : Future.failedFuture(
                      InsufficientCredits.ofLimit(
                          ledger.account(), name, limit.get(), left.max(BigDecimal.ZERO), more));
            });
  }
}

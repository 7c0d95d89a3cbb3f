package dev.concert.ensemble.budget;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The amounts spent and reserved by each account in each period. */
final class SpendingTotals {
  private final Map<Entry, Sum> sums = new ConcurrentHashMap<>();

  /** One account in one period. */
  record Entry(String account, String period) {}

  /** Of one account in one period. */
  record Sum(BigDecimal spent, BigDecimal reserved) {
    static final Sum NOTHING = new Sum(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  void load(Entry entry, BigDecimal spent) {
    sums.put(entry, new Sum(spent, BigDecimal.ZERO));
  }

  /** Reserves an amount if it fits below the limit; returns whether it did. */
  boolean reserve(Entry entry, BigDecimal amount, BigDecimal limit) {
    boolean[] fits = new boolean[1];
    sums.compute(
        entry,
        (key, seen) -> {
          Sum sum = seen == null ? Sum.NOTHING : seen;
          BigDecimal after = sum.spent().add(sum.reserved()).add(amount);
          // An exhausted budget allows nothing more, not even a free call.
          fits[0] = after.compareTo(limit) <= 0 && sum.spent().compareTo(limit) < 0;
          return fits[0] ? new Sum(sum.spent(), sum.reserved().add(amount)) : sum;
        });
    return fits[0];
  }

  /** Replaces a reservation by what was really spent. */
  void settle(Entry entry, BigDecimal reserved, BigDecimal spent) {
    sums.compute(
        entry,
        (key, seen) -> {
          Sum sum = seen == null ? Sum.NOTHING : seen;
          return new Sum(sum.spent().add(spent), sum.reserved().subtract(reserved));
        });
  }

  Sum sum(Entry entry) {
    return sums.getOrDefault(entry, Sum.NOTHING);
  }

  /** What is left below a limit; 0 if more was spent. */
  BigDecimal left(Entry entry, BigDecimal limit) {
    Sum sum = sums.getOrDefault(entry, Sum.NOTHING);
    return limit.subtract(sum.spent()).subtract(sum.reserved()).max(BigDecimal.ZERO);
  }

  /** Forgets past periods, except where calls are still in progress. */
  void keep(Set<String> periods) {
    sums.entrySet()
        .removeIf(
            each ->
                !periods.contains(each.getKey().period())
                    && each.getValue().reserved().signum() == 0);
  }

  BigDecimal spent(Entry entry) {
    return sums.getOrDefault(entry, Sum.NOTHING).spent();
  }
}

package dev.concert.ensemble.budget;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What was spent in each period by each account, and what calls under way may yet spend. */
final class Spending {
  private final Map<Entry, Sum> sums = new ConcurrentHashMap<>();

  /** One account in one period. */
  record Entry(String account, String period) {}

  private record Sum(BigDecimal spent, BigDecimal reserved) {
    static final Sum NOTHING = new Sum(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  void load(Entry entry, BigDecimal spent) {
    sums.put(entry, new Sum(spent, BigDecimal.ZERO));
  }

  /** True, and the amount is kept back, where it fits below the limit. */
  boolean reserve(Entry entry, BigDecimal amount, BigDecimal limit) {
    boolean[] fits = new boolean[1];
    sums.compute(
        entry,
        (key, seen) -> {
          Sum sum = seen == null ? Sum.NOTHING : seen;
          BigDecimal after = sum.spent().add(sum.reserved()).add(amount);
          // Who has used it up spends nothing more, not even on what is free of charge.
          fits[0] = after.compareTo(limit) <= 0 && sum.spent().compareTo(limit) < 0;
          return fits[0] ? new Sum(sum.spent(), sum.reserved().add(amount)) : sum;
        });
    return fits[0];
  }

  /** Ends a reservation with what was really spent. */
  void settle(Entry entry, BigDecimal reserved, BigDecimal spent) {
    sums.compute(
        entry,
        (key, seen) -> {
          Sum sum = seen == null ? Sum.NOTHING : seen;
          return new Sum(sum.spent().add(spent), sum.reserved().subtract(reserved));
        });
  }

  /** What is left below a limit; nothing where more was spent. */
  BigDecimal left(Entry entry, BigDecimal limit) {
    Sum sum = sums.getOrDefault(entry, Sum.NOTHING);
    return limit.subtract(sum.spent()).subtract(sum.reserved()).max(BigDecimal.ZERO);
  }

  /** Forgets the periods that are over, but for calls that are still under way. */
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

package dev.concert.ensemble.budget;

import java.util.Optional;

/**
 * Who spends, and how much may be.
 *
 * @param id {@code key:…} or {@code customer:…}; the name under which spending is kept
 */
public record Account(String id, Optional<Budget> budget) {

  public static Account ofKey(String keyId, Optional<Budget> budget) {
    return new Account("key:" + keyId, budget);
  }

  public static Account ofCustomer(String customerId, Optional<Budget> budget) {
    return new Account("customer:" + customerId, budget);
  }
}

package dev.concert.bridges.conversation;

import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import java.time.Duration;

/** How many codes a person may try: few, since codes could be guessed. */
public final class PairingAttempts {
  private static final CallRate RATE = new CallRate(5, Duration.ofMinutes(10));

  private final RateBudgets budgets;

  public PairingAttempts(RateBudgets budgets) {
    this.budgets = budgets;
  }

  boolean allows(String connectionId, String sender) {
    return budgets.tryAcquire("pair " + connectionId + " " + sender, RATE);
  }
}

package dev.concert.gateway.billing;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * One change of a tenant's account. Entries are only ever added.
 *
 * @param id increases with each entry of the tenant
 * @param at milliseconds since the epoch
 * @param amount US dollars, 0 or more; the kind says what it changes
 * @param account the account after it
 * @param turnId empty for a top-up
 * @param by the user who topped up, or empty
 */
public record CreditEntry(
    long id,
    long at,
    Kind kind,
    BigDecimal amount,
    CreditAccount account,
    Optional<String> turnId,
    Optional<String> sessionId,
    Optional<String> by) {

  /** What an entry changes. */
  public enum Kind {
    /** Adds to the balance. */
    TOP_UP,
    /** Holds credit for a turn. */
    RESERVE,
    /** Holds more credit for a turn. */
    EXTEND,
    /** Takes the cost of model calls from the balance. */
    SETTLE,
    /** Gives back everything that a turn held. */
    RELEASE,
    /** Covers a cost beyond the balance; the tenant owes it. */
    OWE,
    /** Takes from the balance what the tenant owes. */
    REPAY;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String wire) {
      return valueOf(wire.toUpperCase(Locale.ROOT));
    }
  }
}

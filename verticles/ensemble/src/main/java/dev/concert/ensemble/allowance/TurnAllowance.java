package dev.concert.ensemble.allowance;

import java.math.BigDecimal;

/** What the calls of one turn may cost, have cost and may still cost. Thread-safe. */
public final class TurnAllowance {
  private final String tenantId;
  private final String turnId;
  private final String gateway;
  private BigDecimal amount;
  private BigDecimal spent = BigDecimal.ZERO;
  private BigDecimal held = BigDecimal.ZERO;
  private int calls;
  private boolean closed;

  /**
   * @param amount US dollars
   * @param gateway the node that extends the reservation
   */
  TurnAllowance(String tenantId, String turnId, BigDecimal amount, String gateway) {
    this.tenantId = tenantId;
    this.turnId = turnId;
    this.amount = amount;
    this.gateway = gateway;
  }

  /** For an instance between two turns: it allows nothing. */
  static TurnAllowance none(String tenantId) {
    TurnAllowance none = new TurnAllowance(tenantId, "", BigDecimal.ZERO, "");
    none.close();
    return none;
  }

  public String tenantId() {
    return tenantId;
  }

  public String turnId() {
    return turnId;
  }

  String gateway() {
    return gateway;
  }

  /** Counts a call in; returns what has to be reserved for the turn with it. */
  synchronized BigDecimal add(BigDecimal most) {
    held = held.add(most);
    calls++;
    return spent.add(held);
  }

  /** A call ended at this cost. */
  synchronized void settle(BigDecimal most, BigDecimal cost) {
    held = held.subtract(most);
    spent = spent.add(cost);
    calls--;
  }

  synchronized boolean covers(BigDecimal total) {
    return total.compareTo(amount) <= 0;
  }

  synchronized void raise(BigDecimal granted) {
    amount = amount.max(granted);
  }

  synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** How many calls are not settled. */
  synchronized int calls() {
    return calls;
  }
}

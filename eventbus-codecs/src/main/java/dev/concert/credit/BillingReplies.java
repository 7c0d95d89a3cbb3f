package dev.concert.credit;

import java.util.List;

/** What callers are told about money. Amounts are US dollars as plain decimals, exact. */
public final class BillingReplies {
  private BillingReplies() {}

  /**
   * @param billed whether turns of the tenant need credit
   * @param balance what was paid in and is not spent
   * @param reserved the part of it that turns in progress hold
   * @param owed what calls cost beyond the balance; the next top-up pays it first
   */
  public record Balance(
      boolean billed,
      String balance,
      String reserved,
      String owed,
      String currency,
      Limits limits) {}

  /** Null where there is no limit. */
  public record Limits(String perTurn, String perDay, String perMonth) {}

  /**
   * @param entries the newest first
   * @param nextCursor where the next page begins; null after the last page
   */
  public record Statement(List<StatementEntry> entries, String nextCursor) {}

  /**
   * @param at milliseconds since the epoch
   * @param kind {@code top_up}, {@code reserve}, {@code extend}, {@code settle}, {@code release},
   *     {@code owe} or {@code repay}
   * @param balance after the entry, as are {@code reserved} and {@code owed}
   * @param turnId null for a top-up, as is {@code sessionId}
   * @param by the user who topped up, or null
   */
  public record StatementEntry(
      long id,
      long at,
      String kind,
      String amount,
      String balance,
      String reserved,
      String owed,
      String turnId,
      String sessionId,
      String by) {}

  /**
   * @param sessions newest first
   * @param nextCursor where the next page begins; null after the last page
   */
  public record Usage(List<SessionUsage> sessions, String nextCursor) {}

  public record SessionUsage(String sessionId, String name, List<ModelUsage> models) {}

  /**
   * @param cost US dollars, as a decimal; null where the price of the model is not known
   */
  public record ModelUsage(
      String model,
      String provider,
      long calls,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      String cost) {}
}

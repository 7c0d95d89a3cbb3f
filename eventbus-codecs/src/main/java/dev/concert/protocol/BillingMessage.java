package dev.concert.protocol;

/**
 * What a caller may ask about money: the rows are {@code dev.concert.contract.BillingOperations}.
 */
public interface BillingMessage extends ClientMessage {

  record ReadBalance() implements BillingMessage {}

  /**
   * @param amount US dollars
   * @param idempotencyKey the same key again adds nothing
   */
  record TopUp(String amount, String idempotencyKey) implements BillingMessage {}

  /**
   * @param billed whether turns of the tenant need credit
   * @param perTurn US dollars; null for no limit, as are the others
   */
  record SetLimits(boolean billed, String perTurn, String perDay, String perMonth)
      implements BillingMessage {}

  record ReadStatement(int limit, String cursor) implements BillingMessage {}

  /**
   * @param sessionId null for all sessions that the caller sees
   */
  record ReadUsage(String sessionId, int limit, String cursor) implements BillingMessage {}
}

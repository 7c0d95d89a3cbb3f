package dev.concert.credit;

import java.util.List;

/** The messages about credit between the gateway and Ensemble. */
public final class CreditMessages {
  private CreditMessages() {}

  /**
   * Lets the calls of an agent instance cost this much, until the allowance is closed. It replaces
   * the instance's allowance of an earlier turn. From then on, instances of the tenant without an
   * allowance make no calls.
   *
   * @param amount what is reserved for the turn
   * @param gateway the node that extends the reservation
   */
  public record SetAllowance(
      String instanceId, String tenantId, String turnId, String amount, String gateway) {}

  /**
   * Ends the allowance of a turn: from now on, its instance makes no calls. May be repeated, and is
   * answered for every turn, also one that Ensemble does not know any more.
   */
  public record CloseAllowance(String instanceId, String turnId) {}

  /**
   * The calls of a turn in the usage ledger.
   *
   * @param ended each call that has ended
   * @param open how many have not, so that their cost is not known yet
   */
  public record TurnCalls(List<EndedCall> ended, long open) {}

  /**
   * @param id in the usage ledger
   * @param cost as the ledger has it
   */
  public record EndedCall(long id, String model, String cost) {}

  /** The tenant is not billed any more: its calls need no allowance. */
  public record ForgetAllowances(String tenantId) {}

  /**
   * The tenant is deleted: no row of the usage ledger names it, its agents, sessions or turns any
   * more. What its calls cost stays.
   */
  public record ForgetUsage(String tenantId) {}

  /**
   * Asks that this much is reserved for a turn. Asking twice has the effect of one.
   *
   * @param total what its calls have cost and may cost, all together
   */
  public record ExtendReservation(String tenantId, String turnId, String total) {}

  /**
   * @param amount what is reserved for the turn now
   */
  public record ReservationExtended(String amount) {}
}

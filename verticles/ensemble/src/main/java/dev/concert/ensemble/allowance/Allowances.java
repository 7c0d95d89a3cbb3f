package dev.concert.ensemble.allowance;

import dev.concert.ensemble.access.Caller;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The allowances of agent instances. Instances of a tenant that ever had one need one for each
 * call; all others are not billed. Thread-safe; never blocks.
 */
public final class Allowances {
  private final Reservations reservations;
  private final Set<String> billedTenants = ConcurrentHashMap.newKeySet();

  /** The open allowances. */
  private final Map<String, TurnAllowance> ofInstance = new ConcurrentHashMap<>();

  /** Until they are closed and their last call has ended. */
  private final Map<String, TurnAllowance> ofTurn = new ConcurrentHashMap<>();

  public Allowances(Reservations reservations) {
    this.reservations = reservations;
  }

  void set(String instanceId, TurnAllowance allowance) {
    // Set twice, it is the first one that knows the calls.
    billedTenants.add(allowance.tenantId());
    TurnAllowance known = ofTurn.putIfAbsent(allowance.turnId(), allowance);
    ofInstance.put(instanceId, known == null ? allowance : known);
  }

  /** The allowance that pays for the calls of a caller; empty where they are not billed. */
  public Optional<TurnAllowance> of(Caller caller) {
    if (billedTenants.isEmpty()
        || !(caller instanceof Caller.Instance instance)
        // It has no turn that could pay.
        || instance.isGateway()) {
      return Optional.empty();
    }
    return Optional.ofNullable(ofInstance.get(instance.instanceId()))
        .or(
            () ->
                billedTenants.contains(instance.tenantId())
                    ? Optional.of(TurnAllowance.none(instance.tenantId()))
                    : Optional.empty());
  }

  /**
   * Holds the most that a call may cost.
   *
   * @return fails with {@code INSUFFICIENT_CREDITS}, or {@code NO_TURN} after the turn
   */
  public Future<Void> hold(TurnAllowance allowance, BigDecimal most) {
    if (allowance.isClosed()) {
      return Future.failedFuture(closed());
    }
    BigDecimal total = allowance.add(most);
    if (allowance.covers(total)) {
      return Future.succeededFuture();
    }
    return reservations
        .extend(allowance, total)
        .compose(
            granted -> {
              allowance.raise(granted);
              return allowance.isClosed()
                  ? Future.<Void>failedFuture(closed())
                  : Future.<Void>succeededFuture();
            })
        .onFailure(_ -> settle(allowance, most, BigDecimal.ZERO));
  }

  private static ConcertException closed() {
    return new ConcertException(
        ErrorCode.NO_TURN, "The turn of this agent is over, and calls are paid by turns.");
  }

  /**
   * Replaces what a call held by what it cost.
   *
   * @param cost US dollars; 0 if it was not made
   */
  public void settle(TurnAllowance allowance, BigDecimal most, BigDecimal cost) {
    allowance.settle(most, cost);
    forgetEnded(allowance);
  }

  private void forgetEnded(TurnAllowance allowance) {
    if (allowance.isClosed() && allowance.calls() == 0) {
      ofTurn.remove(allowance.turnId(), allowance);
    }
  }

  /**
   * Ends the allowance of a turn.
   *
   * @return how many of its calls are not settled
   */
  int close(String instanceId, String turnId) {
    TurnAllowance allowance = ofTurn.get(turnId);
    if (allowance == null) {
      return 0;
    }
    allowance.close();
    ofInstance.remove(instanceId, allowance);
    forgetEnded(allowance);
    return allowance.calls();
  }

  /** The tenant is not billed any more. */
  void forget(String tenantId) {
    billedTenants.remove(tenantId);
  }

  /** How many turns have one that is open, or has open calls. */
  int size() {
    return ofTurn.size();
  }
}

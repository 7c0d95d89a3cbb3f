package dev.concert.gateway.billing;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.CloseAllowance;
import dev.concert.credit.CreditMessages.EndedCall;
import dev.concert.credit.CreditMessages.TurnCalls;
import dev.concert.error.FailureLog;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles the turns that are over: has Ensemble close the allowance, charges the calls that its
 * usage ledger has, and releases the reservation. Tries again until that succeeds; what is open
 * when this process ends, the next start settles. Thread-safe.
 */
final class Settlements {
  private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Backoff PAUSES =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15), 0.5);

  private final Vertx vertx;
  private final ConcertBus bus;
  private final TenantLedgers ledgers;
  private final UnaryOperator<String> instanceOf;
  private volatile boolean closed;

  /**
   * @param instanceOf the agent instance of a session
   */
  Settlements(
      Vertx vertx, ConcertBus bus, TenantLedgers ledgers, UnaryOperator<String> instanceOf) {
    this.vertx = vertx;
    this.bus = bus;
    this.ledgers = ledgers;
    this.instanceOf = instanceOf;
  }

  /** Settles a turn in the background. */
  void settle(String tenantId, CreditReservation turn) {
    attempt(tenantId, turn, 1);
  }

  private void attempt(String tenantId, CreditReservation turn, int number) {
    if (closed) {
      return;
    }
    calls(turn)
        .compose(calls -> charge(tenantId, turn, calls))
        .onSuccess(
            settled -> {
              if (!settled) {
                again(tenantId, turn, number);
              }
            })
        .onFailure(
            failure -> {
              if (!closed && number == 1) {
                LOG.atWarn()
                    .addKeyValue("tenantId", tenantId)
                    .addKeyValue("turnId", turn.turnId())
                    .log(
                        "The credit of turn {} is not settled yet: {}",
                        turn.turnId(),
                        FailureLog.reason(failure));
              }
              again(tenantId, turn, number);
            });
  }

  private void again(String tenantId, CreditReservation turn, int number) {
    vertx.setTimer(
        Math.max(1, PAUSES.after(number).toMillis()), _ -> attempt(tenantId, turn, number + 1));
  }

  private Future<TurnCalls> calls(CreditReservation turn) {
    return bus.request(
        Addresses.CLOSE_ALLOWANCE,
        new CloseAllowance(instanceOf.apply(turn.sessionId()), turn.turnId()),
        TIMEOUT);
  }

  /**
   * False where calls are still in progress, whose cost is not known. A tenant that was deleted
   * meanwhile has no ledger, and gets no other.
   */
  private Future<Boolean> charge(String tenantId, CreditReservation turn, TurnCalls calls) {
    return calls.open() > 0
        ? Future.succeededFuture(false)
        : ledgers.changeIfThere(tenantId, ledger -> ledger.settle(turn, charges(calls))).map(true);
  }

  private static List<TurnCharge> charges(TurnCalls calls) {
    return calls.ended().stream().map(Settlements::charge).toList();
  }

  private static TurnCharge charge(EndedCall call) {
    return new TurnCharge(call.id(), call.model(), new BigDecimal(call.cost()));
  }

  /** Tries no more. */
  void close() {
    closed = true;
  }
}

package dev.concert.gateway.billing;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.ExtendReservation;
import dev.concert.credit.CreditMessages.ForgetAllowances;
import dev.concert.credit.CreditMessages.ReservationExtended;
import dev.concert.credit.CreditMessages.SetAllowance;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.context.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Holds credit for turns: reserves it before a turn begins, extends it while the turn runs, and has
 * it settled when the turn is over. Thread-safe and non-blocking.
 */
public final class TurnCredit {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final ConcertBus bus;
  private final TenantLedgers ledgers;
  private final ModelPrices prices;
  private final UnbilledTurns free;
  private final Settlements settlements;
  private final Map<String, HeldCredit> held = new ConcurrentHashMap<>();

  /**
   * @param instanceOf the agent instance of a session
   */
  TurnCredit(Vertx vertx, ConcertBus bus, TenantLedgers ledgers, UnaryOperator<String> instanceOf) {
    this.vertx = vertx;
    this.bus = bus;
    this.ledgers = ledgers;
    this.prices = new ModelPrices(bus);
    this.free = new UnbilledTurns(bus);
    this.settlements = new Settlements(vertx, bus, ledgers, instanceOf);
  }

  /**
   * Has everything settled that an earlier process left, and serves extensions. Call it before any
   * turn begins.
   */
  Future<Void> start() {
    return ledgers
        .load()
        .compose(
            tenants -> {
              Future<Void> recovered = Future.succeededFuture();
              for (String tenant : tenants) {
                recovered = recovered.compose(_ -> recover(tenant));
              }
              return recovered;
            })
        .compose(_ -> bus.serve(Addresses.EXTEND_RESERVATION, this::extend).completion());
  }

  private Future<Void> recover(String tenant) {
    return ledgers
        .withLedger(tenant, TenantLedger::open)
        .map(
            open -> {
              open.forEach(turn -> settlements.settle(tenant, turn));
              return null;
            });
  }

  /**
   * A turn that needs no credit, also where the billing of its tenant begins while it runs; empty
   * where the tenant is billed.
   */
  public Optional<HeldCredit> unbilled(TurnEstimate turn) {
    return free.begin(turn, () -> ledgers.isBilled(turn.tenantId()));
  }

  /**
   * Reserves credit for the first model call of a turn, and gives its agent an allowance of as
   * much. Completes on the caller's context.
   *
   * @return fails with {@code INSUFFICIENT_CREDITS}, or the code of Ensemble where it does not
   *     answer; then nothing is held, or it is released later
   */
  public Future<HeldCredit> hold(TurnEstimate turn) {
    return CallerContext.now(vertx)
        .complete(
            prices
                .firstCall(turn.model(), turn.context(), turn.characters())
                .compose(amount -> reserve(turn, amount)));
  }

  private Future<HeldCredit> reserve(TurnEstimate turn, BigDecimal amount) {
    CreditReservation wanted =
        new CreditReservation(turn.turnId(), turn.sessionId(), amount, System.currentTimeMillis());
    return ledgers
        .change(turn.tenantId(), ledger -> ledger.reserve(wanted))
        .compose(account -> allow(turn, wanted.within(account.limits())));
  }

  private Future<HeldCredit> allow(TurnEstimate turn, CreditReservation reserved) {
    HeldCredit credit =
        new HeldCredit(
            () -> {
              held.remove(turn.turnId());
              settlements.settle(turn.tenantId(), reserved);
            });
    held.put(turn.turnId(), credit);
    // From the first allowance of a tenant on, Ensemble wants one for each of its turns.
    return free.allow(turn.tenantId())
        .compose(_ -> allowance(turn, reserved))
        .onSuccess(_ -> forgetUnbilled(turn.tenantId()))
        .map(credit)
        .onFailure(_ -> credit.turnEnded());
  }

  private Future<Accepted> allowance(TurnEstimate turn, CreditReservation reserved) {
    return bus.request(
        Addresses.SET_ALLOWANCE,
        new SetAllowance(
            turn.instanceId(),
            turn.tenantId(),
            turn.turnId(),
            Usd.plain(reserved.amount()),
            bus.node()),
        TIMEOUT);
  }

  /** If billing has ended in the meantime, Ensemble must drop the allowance that came too late. */
  private void forgetUnbilled(String tenantId) {
    if (!ledgers.isBilled(tenantId)) {
      bus.notify(Addresses.FORGET_ALLOWANCES, new ForgetAllowances(tenantId));
    }
  }

  private Future<ReservationExtended> extend(ExtendReservation request) {
    HeldCredit credit = held.get(request.turnId());
    if (credit == null) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.NO_TURN, "This turn is over, and so is its credit."));
    }
    BigDecimal total = new BigDecimal(request.total());
    return ledgers
        .change(request.tenantId(), ledger -> ledger.extend(request.turnId(), total))
        .map(_ -> new ReservationExtended(request.total()))
        .onFailure(
            failure -> {
              if (failure instanceof ConcertException refused
                  && refused.code() == ErrorCode.INSUFFICIENT_CREDITS) {
                credit.refused(refused.problem());
              }
            });
  }

  /** Begins no more settlements; the next start does. */
  void close() {
    settlements.close();
  }
}

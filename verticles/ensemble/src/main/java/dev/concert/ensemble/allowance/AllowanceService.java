package dev.concert.ensemble.allowance;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.credit.CreditMessages.CloseAllowance;
import dev.concert.credit.CreditMessages.EndedCall;
import dev.concert.credit.CreditMessages.ForgetUsage;
import dev.concert.credit.CreditMessages.SetAllowance;
import dev.concert.credit.CreditMessages.TurnCalls;
import dev.concert.ensemble.ledger.UsageLedger;
import dev.concert.ensemble.ledger.report.LedgerRow;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.response.RecordedResponses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Serves what the gateway asks about allowances, from the usage ledger. */
public record AllowanceService(
    Vertx vertx,
    Allowances allowances,
    Optional<UsageLedger> ledger,
    RecordedResponses conversations) {

  /** Completes when every address has its consumer. */
  public Future<Void> register(ConcertBus bus) {
    return Future.all(
            bus.serve(Addresses.SET_ALLOWANCE, this::set).completion(),
            bus.serve(Addresses.CLOSE_ALLOWANCE, this::close).completion(),
            bus.serve(
                    Addresses.FORGET_ALLOWANCES,
                    request -> {
                      allowances.forget(request.tenantId());
                      return Future.succeededFuture(Accepted.ACCEPTED);
                    })
                .completion(),
            bus.serve(Addresses.FORGET_USAGE, this::forget).completion())
        .mapEmpty();
  }

  private Future<Accepted> forget(ForgetUsage request) {
    allowances.forget(request.tenantId());
    Future<Void> stored = conversations.forgetCustomer(request.tenantId());
    // Without a ledger nothing was recorded.
    return ledger.isEmpty()
        ? stored.map(Accepted.ACCEPTED)
        : stored
            .compose(_ -> usable())
            .compose(usable -> usable.forgetTenant(request.tenantId()))
            .map(Accepted.ACCEPTED);
  }

  private Future<Accepted> set(SetAllowance request) {
    // Without a ledger nothing would be charged.
    return usable()
        .map(
            _ -> {
              allowances.set(
                  request.instanceId(),
                  new TurnAllowance(
                      request.tenantId(),
                      request.turnId(),
                      new BigDecimal(request.amount()),
                      request.gateway()));
              return Accepted.ACCEPTED;
            });
  }

  private Future<TurnCalls> close(CloseAllowance request) {
    int open = allowances.close(request.instanceId(), request.turnId());
    return usable()
        .compose(
            usable -> vertx.executeBlocking(() -> usable.usage().ofTurn(request.turnId()), false))
        .map(rows -> calls(rows, open));
  }

  private static TurnCalls calls(List<LedgerRow> rows, int open) {
    List<EndedCall> ended =
        rows.stream()
            .filter(row -> !row.open())
            .map(row -> new EndedCall(row.id(), row.model(), Price.plain(Price.amount(row.cost()))))
            .toList();
    return new TurnCalls(ended, Math.max(open, rows.size() - ended.size()));
  }

  private Future<UsageLedger> usable() {
    return ledger
        .filter(one -> !one.isFailing())
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new ConcertException(
                        ErrorCode.ENSEMBLE_UNAVAILABLE,
                        "Ensemble has no usage ledger that works, which billing needs.")));
  }
}

package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.OpenedCall;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.usage.CallEstimate;
import io.vertx.core.Future;
import java.time.Instant;

/** Records the call in the usage ledger, with an estimate, and begins to store its response. */
record LedgerStage(CallLedger ledger, ResponseStore store) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    return ledger
        .open(opened(call))
        .map(
            recorded -> {
              ResponseStore.Entry response =
                  store.begin(
                      call.identity(), call.input().outlivesClient(), call.parsed().sink().get());
              call.respondTo(response);
              call.onSettled(report -> recorded.settle(report, response.body(report)));
              return null;
            });
  }

  private static OpenedCall opened(Call call) {
    ServedModel model = call.first().route().model();
    return new OpenedCall(
        call.identity().requestId(),
        call.caller(),
        call.input().session(),
        call.turn(),
        call.input().form(),
        model,
        call.first().decision().endpoint().id(),
        CallEstimate.of(call.prompt().tokens(), call.request(), model),
        Instant.now(),
        call.payers().stream().map(BudgetAccount::id).toList(),
        call.first().reason());
  }
}

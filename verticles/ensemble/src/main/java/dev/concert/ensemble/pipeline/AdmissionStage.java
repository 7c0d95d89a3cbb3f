package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.admission.AdmittedCall;
import io.vertx.core.Future;
import java.util.Optional;

/** Reserves a request and tokens in the limits of an issued key; other callers have no limits. */
record AdmissionStage(Optional<Admission> admission) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    if (admission.isPresent() && call.caller() instanceof Caller.IssuedKey key) {
      AdmittedCall admitted =
          admission.get().admit(key, call.request().model(), call.prompt().withAnswer());
      call.onRefused(admitted::giveBack);
      call.onSettled(admitted.settling());
      call.paidBy(admitted.payers());
      call.input().onAdmitted().accept(admitted.left());
    }
    return Future.succeededFuture();
  }
}

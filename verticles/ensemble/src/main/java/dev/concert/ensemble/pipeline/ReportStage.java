package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.usage.UsageReporter;
import io.vertx.core.Future;

/** Has the end of the call reported to metrics, traces and the coordinator, after the ledger. */
record ReportStage(UsageReporter usage) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    call.onSettled(usage);
    return Future.succeededFuture();
  }
}

package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.call.InferenceCall;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Calls the provider and streams its answer to the response. */
record ProviderStage(Vertx vertx) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    InferenceCall running =
        new InferenceCall(
            vertx,
            call.identity(),
            call.attempts(),
            call.first(),
            call.request(),
            call.response().sink(),
            call.settlement());
    call.response().started(running);
    call.started(running);
    return Future.succeededFuture();
  }
}

package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.guardrail.Guardrails;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Calls the provider and streams its answer to the response. */
record ProviderStage(Vertx vertx, Guardrails guardrails) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    InferenceCall running =
        new InferenceCall(
            vertx,
            (provider, model, request, sink) ->
                guardrails.start(call.identity().requestId(), provider, model, request, sink),
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

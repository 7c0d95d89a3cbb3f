package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.call.CapabilityCheck;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.CallAttempts;
import dev.concert.ensemble.routing.CallRouter;
import io.vertx.core.Future;

/** Chooses the first endpoint and checks that its model can do what the request needs. */
record RoutingStage(CallRouter router) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    CallAttempts attempts =
        router.attempts(
            call.request().model(),
            call.prompt().prefixes(),
            call.input().session(),
            call.prompt().estimate());
    Attempt first = attempts.first();
    call.onRefused(() -> attempts.end(TokenCount.NONE));
    call.routed(attempts, first);
    CapabilityCheck.check(call.request(), first.route());
    return Future.succeededFuture();
  }
}

package dev.concert.ensemble.api;

import dev.concert.ensemble.call.GatewayLatency;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.message.RoutingSummary;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Adds the time that Ensemble itself took to every response: from the request's head to the
 * response's head, without the time waiting for a provider. For a stream it covers the time before
 * the first block.
 */
final class OverheadHandler implements Handler<RoutingContext> {
  /** In milliseconds, with three decimals. */
  static final String HEADER = "x-ensemble-overhead-ms";

  /** The routing decision as a header, because the vendors' formats have no field for it. */
  private static final String ROUTING = "x-ensemble-routing";

  private static final String CALL = "ensemble.call";

  @Override
  public void handle(RoutingContext context) {
    GatewayLatency own = GatewayLatency.begin();
    context.addHeadersEndHandler(
        sending -> {
          Optional<InferenceCall> call = Optional.ofNullable(context.get(CALL));
          HttpServerResponse response = context.response();
          response.putHeader(HEADER, own.millis(call).toPlainString());
          call.ifPresent(made -> response.putHeader(ROUTING, explain(made.routing())));
        });
    context.next();
  }

  private static String explain(RoutingSummary routing) {
    return "endpoint="
        + routing.endpoint()
        + "; reason="
        + routing.reason()
        + "; attempts="
        + routing.attempts()
        + "; cache_value="
        + routing.estimatedValue()
        + "; cost_penalty="
        + routing.costPenalty();
  }

  /** Notes the call that a request made. */
  static void callStarted(RoutingContext context, InferenceCall call) {
    context.put(CALL, call);
  }
}

package dev.concert.ensemble.api;

import dev.concert.ensemble.routing.Routing;
import dev.concert.ensemble.stream.OwnTime;
import dev.concert.ensemble.stream.RunningCall;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Names in every reply how long Ensemble itself took for it: from the arrival of the request's head
 * to the sending of the reply's, without the time in which a provider was waited for. So a stream's
 * says what came before its first block.
 */
final class Overhead implements Handler<RoutingContext> {
  /** Milliseconds, with microseconds behind the point. */
  static final String HEADER = "x-ensemble-overhead-ms";

  /** Why a call went where it went, for the vendors' forms have no place for it. */
  private static final String ROUTING = "x-ensemble-routing";

  private static final String CALL = "ensemble.call";

  @Override
  public void handle(RoutingContext context) {
    OwnTime own = OwnTime.begin();
    context.addHeadersEndHandler(
        sending -> {
          Optional<RunningCall> call = Optional.ofNullable(context.get(CALL));
          HttpServerResponse response = context.response();
          response.putHeader(HEADER, own.millis(call).toPlainString());
          call.ifPresent(made -> response.putHeader(ROUTING, explain(made.routing())));
        });
    context.next();
  }

  private static String explain(Routing routing) {
    return "endpoint=%s; reason=%s; attempts=%d; cache_value=%s; cost_penalty=%s"
        .formatted(
            routing.endpoint(),
            routing.reason(),
            routing.attempts(),
            routing.estimatedValue(),
            routing.costPenalty());
  }

  /** The call that is made for a request. */
  static void of(RoutingContext context, RunningCall call) {
    context.put(CALL, call);
  }
}

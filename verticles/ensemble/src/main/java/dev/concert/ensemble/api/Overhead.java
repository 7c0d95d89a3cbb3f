package dev.concert.ensemble.api;

import dev.concert.ensemble.routing.Routing;
import dev.concert.ensemble.stream.RunningCall;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

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
  private static final double NANOS_PER_MS = 1_000_000;

  @Override
  public void handle(RoutingContext context) {
    long arrived = System.nanoTime();
    context.addHeadersEndHandler(
        sending -> {
          RunningCall call = context.get(CALL);
          long elsewhere = call == null ? 0 : call.upstreamNanos();
          long own = Math.max(0, System.nanoTime() - arrived - elsewhere);
          context
              .response()
              .putHeader(HEADER, String.format(Locale.ROOT, "%.3f", own / NANOS_PER_MS));
          if (call != null) {
            context.response().putHeader(ROUTING, explain(call.routing()));
          }
        });
    context.next();
  }

  private static String explain(Routing routing) {
    return "endpoint=%s; reason=%s; attempts=%d; cache_value=%s"
        .formatted(
            routing.endpoint(), routing.reason(), routing.attempts(), routing.estimatedValue());
  }

  /** The call that is made for a request. */
  static void of(RoutingContext context, RunningCall call) {
    context.put(CALL, call);
  }
}

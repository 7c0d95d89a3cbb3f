package dev.concert.foundation.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The trace that work belongs to. Vert.x passes it on where one request causes the next; who goes
 * on with a request on another context takes it along with this. Immutable.
 */
public final class TraceContext {
  private final Context context;

  private TraceContext(Context context) {
    this.context = context;
  }

  /** That of the present work. Any thread. */
  public static TraceContext current() {
    return new TraceContext(Context.current());
  }

  /** Does work that belongs to this trace, now and on this thread. */
  public <T> T in(Supplier<T> work) {
    try (Scope _ = context.makeCurrent()) {
      return work.get();
    }
  }

  /** Has work that belongs to this trace done on another context of Vert.x. */
  public void runOn(io.vertx.core.Context target, Runnable work) {
    target.runOnContext(
        _ -> {
          try (Scope _ = context.makeCurrent()) {
            work.run();
          }
        });
  }

  /**
   * The value of the header {@code traceparent} (https://www.w3.org/TR/trace-context/) for what the
   * work causes in another process; empty where nothing is traced.
   */
  public Optional<String> header() {
    SpanContext span = Span.fromContext(context).getSpanContext();
    return span.isValid()
        ? Optional.of(
            "00-%s-%s-%s"
                .formatted(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex()))
        : Optional.empty();
  }
}

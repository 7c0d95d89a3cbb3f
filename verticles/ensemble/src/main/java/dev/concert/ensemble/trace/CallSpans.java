package dev.concert.ensemble.trace;

import dev.concert.ensemble.usage.CallReport;
import dev.concert.ensemble.usage.UsageReporter;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Future;
import java.util.List;

/**
 * Creates a trace span for each call that has ended, within the span of its request. Vert.x creates
 * the spans of the requests to providers.
 *
 * <p>Names: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
public final class CallSpans implements UsageReporter {
  private static final AttributeKey<List<String>> FINISH =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  private final Tracer tracer;

  public CallSpans(OpenTelemetry api) {
    this.tracer = api.getTracer("dev.concert.ensemble");
  }

  @Override
  public Future<Void> report(CallReport call) {
    Span span =
        tracer
            .spanBuilder("chat " + call.model().id())
            .setStartTimestamp(call.times().started())
            .startSpan();
    if (span.isRecording()) {
      describe(span, call);
    }
    span.end(call.times().ended());
    return Future.succeededFuture();
  }

  private static void describe(Span span, CallReport call) {
    span.setAttribute("gen_ai.operation.name", "chat")
        .setAttribute("gen_ai.provider.name", call.model().provider())
        .setAttribute("gen_ai.request.model", call.model().id())
        .setAttribute("gen_ai.response.model", call.model().upstreamId())
        .setAttribute("gen_ai.usage.input_tokens", call.tokens().input())
        .setAttribute("gen_ai.usage.output_tokens", call.tokens().output())
        .setAttribute("ensemble.cached_tokens", call.tokens().cached())
        .setAttribute("ensemble.endpoint", call.endpoint())
        .setAttribute("ensemble.attempts", call.attempts())
        .setAttribute("ensemble.cost", call.plainCost());
    call.times().firstBlock().ifPresent(first -> span.addEvent("first token", first));
    switch (call.end()) {
      case CallReport.End.Answered answered ->
          span.setAttribute(FINISH, List.of(answered.outcome()));
      case CallReport.End.Failed failed -> failed(span, failed.outcome());
      case CallReport.End.Left left -> failed(span, left.outcome());
    }
  }

  private static void failed(Span span, String outcome) {
    span.setAttribute("error.type", outcome).setStatus(StatusCode.ERROR);
  }
}

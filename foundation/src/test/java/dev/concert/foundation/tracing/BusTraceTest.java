package dev.concert.foundation.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.inference.InferenceMessages.ListModels;
import dev.concert.inference.InferenceMessages.Models;
import dev.concert.podium.PodiumMessages.AgentTypes;
import dev.concert.podium.PodiumMessages.ListAgentTypes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A trace goes with a request over the bus, and with the request that it causes. */
class BusTraceTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @Test
  void eachHopHasTheTraceOfTheFirstCaller() {
    OpenTelemetrySdk traces =
        OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder().build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    Vertx vertx = Vertx.builder().withTracer(new OpenTelemetryTracingFactory(traces)).build();
    BusCodecs.register(vertx);
    ConcertBus bus = new ConcertBus(vertx);
    List<String> seen = new CopyOnWriteArrayList<>();
    bus.serve(
        Addresses.LIST_MODELS,
        request -> {
          seen.add(traceId());
          return bus.request(Addresses.LIST_AGENT_TYPES, new ListAgentTypes(), TIMEOUT)
              .map(new Models(List.of(), "demo"));
        });
    bus.serve(
        Addresses.LIST_AGENT_TYPES,
        request -> {
          seen.add(traceId());
          return Future.succeededFuture(new AgentTypes(List.of()));
        });
    Span root = traces.getTracer("test").spanBuilder("root").startSpan();
    Promise<Models> answer = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            _ -> {
              try (Scope _ = root.makeCurrent()) {
                bus.request(Addresses.LIST_MODELS, new ListModels(), TIMEOUT).onComplete(answer);
              }
            });
    answer.future().toCompletionStage().toCompletableFuture().join();
    String id = root.getSpanContext().getTraceId();
    assertThat(seen).containsExactly(id, id);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static String traceId() {
    return Span.current().getSpanContext().getTraceId();
  }
}

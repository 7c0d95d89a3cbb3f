package dev.concert.ensemble.trace;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call looks like in traces, with books kept, so that it crosses threads on its way. */
class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SECRET = "the words of somebody";
  private static final String BODY =
      "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"" + SECRET + "\"}]}";

  @TempDir Path folder;

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")),
            sdk);
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
    sdk.close();
  }

  /** Those of one kind and name, when they are there. */
  private SpanData span(Predicate<SpanData> which) {
    Await.until(() -> spans.getFinishedSpanItems().stream().anyMatch(which));
    return spans.getFinishedSpanItems().stream().filter(which).findFirst().orElseThrow();
  }

  private void ask() {
    EnsembleClient client = ensemble.client();
    client.send(
        client
            .request("/v1/chat/completions", BODY)
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .build());
  }

  @Test
  void aCallIsOnePartOfItsCallersTraceAndTheProvidersRequestIsAnother() {
    upstream.events(data(text("hi"), finish("stop"), usage(10, 0, 2), "[DONE]"));

    ask();

    SpanData request = span(span -> span.getKind() == SpanKind.SERVER);
    SpanData call = span(span -> span.getName().equals("chat real"));
    SpanData asking =
        span(
            span ->
                span.getKind() == SpanKind.CLIENT
                    && span.getAttributes().toString().contains("/v1/chat/completions"));
    assertThat(List.of(request, call, asking)).allMatch(span -> span.getTraceId().equals(TRACE));
    assertThat(call.getParentSpanId()).isEqualTo(request.getSpanId());
    assertThat(asking.getParentSpanId()).isEqualTo(request.getSpanId());
    assertThat(call.getAttributes().get(AttributeKey.longKey("gen_ai.usage.output_tokens")))
        .isEqualTo(2);
    assertThat(call.getAttributes().get(AttributeKey.stringKey("gen_ai.provider.name")))
        .isEqualTo("scripted");
    assertThat(call.getAttributes().get(AttributeKey.stringKey("ensemble.cost")))
        .isEqualTo("0.00006");
    assertThat(call.getEvents())
        .extracting(event -> event.getName())
        .containsExactly("first token");
  }

  @Test
  void aCallThatFailsSaysWhyAndNothingSaysWhatWasSaid() {
    upstream.status(500, "application/json", "{}");

    ask();

    SpanData call = span(span -> span.getName().equals("chat real"));
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(call.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("provider_failed");
    assertThat(spans.getFinishedSpanItems().toString())
        .doesNotContain(SECRET, RunningEnsemble.KEY, Upstream.KEY);
  }
}

package dev.concert.foundation.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Traces as a server makes them: HTTP, WebSocket handshakes and the event bus by Vert.x, and what a
 * service adds through {@link #api}. OpenTelemetry's own variables ({@code OTEL_…}) go before the
 * configuration. Spans are sent in the background; a collector that is away costs no request
 * anything, and what does not fit its queue is dropped.
 */
public final class Tracing implements AutoCloseable {
  private static final long FLUSH_SECONDS = 2;

  private final Optional<OpenTelemetrySdk> sdk;

  private Tracing(Optional<OpenTelemetrySdk> sdk) {
    this.sdk = sdk;
  }

  /**
   * @param options empty for no traces
   */
  public static Tracing of(Optional<TracingOptions> options) {
    return new Tracing(options.map(Tracing::start));
  }

  private static OpenTelemetrySdk start(TracingOptions options) {
    Map<String, String> settings = new HashMap<>();
    settings.put("otel.service.name", options.serviceName());
    settings.put("otel.traces.exporter", "otlp");
    settings.put("otel.metrics.exporter", "none");
    settings.put("otel.logs.exporter", "none");
    settings.put("otel.exporter.otlp.protocol", "http/protobuf");
    settings.put("otel.traces.sampler", "parentbased_traceidratio");
    settings.put("otel.traces.sampler.arg", Double.toString(options.sampleRatio()));
    options
        .endpoint()
        .ifPresent(url -> settings.put("otel.exporter.otlp.endpoint", url.toString()));
    return AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> settings)
        // Ours ends it, after the services that still write spans.
        .disableShutdownHook()
        .build()
        .getOpenTelemetrySdk();
  }

  /** A Vert.x whose servers and clients are traced where traces are wanted. */
  public Vertx vertx() {
    return builder().build();
  }

  /** Builds such a Vert.x, for those who add something of their own. */
  public VertxBuilder builder() {
    VertxBuilder builder = Vertx.builder();
    sdk.ifPresent(traces -> builder.withTracer(new OpenTelemetryTracingFactory(traces)));
    return builder;
  }

  /** For spans of a service's own; does nothing where no traces are wanted. */
  public OpenTelemetry api() {
    return sdk.<OpenTelemetry>map(traces -> traces).orElseGet(OpenTelemetry::noop);
  }

  /** Sends what is waiting, for 2 s at most. Blocking. */
  @Override
  public void close() {
    sdk.ifPresent(traces -> traces.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
  }
}

package dev.concert.ensemble.metrics;

import dev.concert.ensemble.provider.Provider;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;

/** Serves {@code GET /metrics} in Prometheus text format. It names no caller. */
public final class MetricsRoute implements Handler<RoutingContext> {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EnsembleMetrics metrics = new EnsembleMetrics(registry);
  private final ProviderGauges gauges;
  private final MetricsAccess access;

  /**
   * @param providers the providers served now
   * @param access who may read them
   */
  public MetricsRoute(Supplier<List<Provider>> providers, MetricsAccess access) {
    this.access = access;
    this.gauges = new ProviderGauges(registry, providers);
  }

  /** The metrics of calls. */
  public EnsembleMetrics metrics() {
    return metrics;
  }

  /** Serves this route before other routes. */
  public Router before(Router others) {
    others.get("/metrics").order(-1).handler(this);
    return others;
  }

  @Override
  public void handle(RoutingContext context) {
    access.check(context.request());
    gauges.look();
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, TEXT).end(registry.scrape());
  }
}

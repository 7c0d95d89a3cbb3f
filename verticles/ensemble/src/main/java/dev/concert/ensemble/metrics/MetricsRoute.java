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

/** {@code GET /metrics} in the text form of Prometheus; open to everybody, for it names nobody. */
public final class MetricsRoute implements Handler<RoutingContext> {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EnsembleMetrics metrics = new EnsembleMetrics(registry);
  private final ProviderGauges gauges;

  /**
   * @param providers those that are served now
   */
  public MetricsRoute(Supplier<List<Provider>> providers) {
    this.gauges = new ProviderGauges(registry, providers);
  }

  /** What is counted here. */
  public EnsembleMetrics metrics() {
    return metrics;
  }

  /** Before the routes that are there already. */
  public Router before(Router others) {
    others.get("/metrics").order(-1).handler(this);
    return others;
  }

  @Override
  public void handle(RoutingContext context) {
    gauges.look();
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, TEXT).end(registry.scrape());
  }
}

package dev.concert.ensemble.admin;

import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.provider.Provider;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows the status of Ensemble to operators. */
final class StatusRoutes {
  private final StatusServices sources;

  StatusRoutes(StatusServices sources) {
    this.sources = sources;
  }

  void add(Router router) {
    router.get("/status").handler(this::status);
  }

  private void status(RoutingContext context) {
    Map<String, AdminStatusBody.Way> ways = new LinkedHashMap<>();
    Map<String, String> health = sources.health().providers();
    sources
        .providers()
        .get()
        .forEach(
            provider ->
                ways.put(provider.endpoint(), way(provider, health.get(provider.endpoint()))));
    JsonResponse.send(
        context.response(),
        200,
        new AdminStatusBody(
            sources.health().status(),
            sources.health().uptimeSeconds(),
            sources.redis().get(),
            ways,
            sources.keys().getAsInt(),
            new AdminStatusBody.Cache(
                sources.calls().rememberedPrompts(), sources.calls().rememberedSessions())));
  }

  private AdminStatusBody.Way way(Provider provider, String health) {
    RateLimit limit = provider.limit();
    RateLimiter used = sources.limiters().ofEndpoint(provider.endpoint());
    double fuller =
        Math.max(
            (double) used.requests() / limit.requests(), (double) used.tokens() / limit.tokens());
    return new AdminStatusBody.Way(
        health,
        used.requests(),
        used.tokens(),
        KeyBody.limit(limit.requests()),
        KeyBody.limit(limit.tokens()),
        limit.limits() ? fuller : null);
  }
}

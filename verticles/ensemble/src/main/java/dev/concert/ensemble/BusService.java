package dev.concert.ensemble;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.allowance.AllowanceService;
import dev.concert.ensemble.routing.EnsembleHealth;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.inference.InferenceMessages.OpenAccess;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Serves Ensemble's addresses on the event bus: access tokens, allowances, the list of models, and
 * health.
 */
final class BusService {
  private final ConcertBus bus;
  private final AccessTokens tokens;
  private final ModelRegistry models;
  private final EnsembleHealth health;
  private final AllowanceService allowances;
  private final Supplier<String> baseUrl;

  BusService(
      ConcertBus bus,
      AccessTokens tokens,
      ModelRegistry models,
      EnsembleHealth health,
      AllowanceService allowances,
      Supplier<String> baseUrl) {
    this.bus = bus;
    this.tokens = tokens;
    this.models = models;
    this.health = health;
    this.allowances = allowances;
    this.baseUrl = baseUrl;
  }

  /** Completes when every address has its consumer. The consumers end with their verticle. */
  Future<Void> register() {
    return Future.all(
            bus.serve(Addresses.OPEN_ACCESS, this::open).completion(),
            bus.serve(Addresses.CLOSE_ACCESS, this::close).completion(),
            allowances.register(bus),
            bus.serve(Addresses.LIST_MODELS, asked -> Future.succeededFuture(models.published()))
                .completion(),
            bus.serve(Addresses.ENSEMBLE_HEALTH, probe -> Future.succeededFuture(report()))
                .completion())
        .mapEmpty();
  }

  private Future<Access> open(OpenAccess request) {
    if (request.instanceId() == null || request.instanceId().isBlank()) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "instanceId: is required.");
    }
    String token =
        request.token() == null
            ? tokens.open(request.instanceId(), request.tenantId())
            : tokens.reopen(request.instanceId(), request.tenantId(), request.token());
    return Future.succeededFuture(
        new Access(baseUrl.get(), token, models.published().defaultModel()));
  }

  private Future<Accepted> close(CloseAccess request) {
    tokens.close(request.instanceId());
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  private HealthReport report() {
    Map<String, String> details = new LinkedHashMap<>();
    health.providers().forEach((name, state) -> details.put("provider." + name, state));
    details.put("default_model", models.published().defaultModel());
    details.put("open_instances", Integer.toString(tokens.openInstances()));
    return new HealthReport(health.status(), details);
  }
}

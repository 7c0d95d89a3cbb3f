package dev.concert.gateway.health;

import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.foundation.health.PartsHealth;
import dev.concert.foundation.health.PartsHealth.Level;
import dev.concert.foundation.health.PartsHealth.Part;
import dev.concert.gateway.eventlog.EventJournal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The health of the gateway's storage and of the services behind it. Without Podium, Chronicle or
 * storage no turn can run; without Ensemble the platform is degraded.
 *
 * <p>A result is used for a second: however many ask, the parts are checked once. Not thread-safe:
 * lives on one context.
 */
public final class GatewayHealth {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final ConcertBus bus;
  private final PartsHealth parts;

  /**
   * @param data folder of the databases
   * @param more parts without which the platform is degraded
   */
  public GatewayHealth(
      Vertx vertx,
      ConcertBus bus,
      Path data,
      EventJournal journal,
      Map<String, Supplier<Future<Part>>> more) {
    this.bus = bus;
    StorageCheck storage = new StorageCheck(vertx, data, journal);
    this.parts =
        new PartsHealth(vertx, TIMEOUT.multipliedBy(2), FRESH)
            .critical("podium", () -> probe(Addresses.PODIUM_HEALTH))
            .critical("chronicle", () -> probe(Addresses.CHRONICLE_HEALTH))
            .critical("storage", () -> storage.run().map(_ -> new Part(Level.OK, Map.of())))
            .optional("ensemble", () -> probe(Addresses.ENSEMBLE_HEALTH));
    more.forEach(parts::optional);
  }

  /** Never fails. The same future as long as its result is fresh. */
  public Future<PartsHealth.Result> check() {
    return parts.check();
  }

  private Future<Part> probe(Address<HealthReport.Probe, HealthReport> address) {
    return bus.request(address, new HealthReport.Probe(), TIMEOUT)
        .map(
            report ->
                new Part(
                    Level.valueOf(report.status().toUpperCase(Locale.ROOT)), report.details()));
  }
}

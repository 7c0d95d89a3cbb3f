package dev.concert.automations;

import dev.concert.automations.event.WebhookSecrets;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.lease.LeaseCandidate;
import dev.concert.foundation.lease.LeaseTerm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Runs the automations of all tenants in those terms in which this node holds their lease. */
final class TenantEngines implements LeaseCandidate.Work {
  private final Vertx vertx;
  private final AutomationsOptions options;
  private final ConcertBus bus;
  private final WebhookSecrets secrets;
  private final InstantSource clock;
  private final Duration interval;
  private Optional<EngineTerm> now = Optional.empty();

  TenantEngines(
      Vertx vertx,
      AutomationsOptions options,
      ConcertBus bus,
      WebhookSecrets secrets,
      InstantSource clock,
      Duration interval) {
    this.vertx = vertx;
    this.options = options;
    this.bus = bus;
    this.secrets = secrets;
    this.clock = clock;
    this.interval = interval;
  }

  @Override
  public Future<?> begin(LeaseTerm term) {
    return EngineTerm.open(vertx, options, term, bus, secrets, clock, interval)
        .onSuccess(opened -> now = Optional.of(opened));
  }

  @Override
  public Future<?> end() {
    Optional<EngineTerm> over = now;
    now = Optional.empty();
    return over.<Future<?>>map(EngineTerm::close).orElseGet(Future::succeededFuture);
  }

  /** That of this term. */
  EngineTerm now() {
    return now.orElseThrow(
        () ->
            new ConcertException(
                ErrorCode.AUTOMATIONS_UNAVAILABLE, "Another node serves the automations now."));
  }
}

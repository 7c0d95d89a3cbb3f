package dev.concert.ensemble.usage;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.ensemble.access.Caller;
import dev.concert.inference.InferenceMessages.UsageReport;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the usage of instances to the coordinator; configured keys have nobody to be told. */
public final class BusUsageReporter implements UsageReporter {
  private static final Logger LOG = LoggerFactory.getLogger(BusUsageReporter.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ConcertBus bus;

  public BusUsageReporter(ConcertBus bus) {
    this.bus = bus;
  }

  @Override
  public Future<Void> report(CallReport call) {
    return switch (call.caller()) {
      case Caller.ConfiguredKey key -> Future.succeededFuture();
      case Caller.IssuedKey key -> Future.succeededFuture();
      case Caller.Instance instance when !call.used() -> Future.succeededFuture();
      case Caller.Instance instance ->
          bus.request(Addresses.REPORT_USAGE, message(instance.instanceId(), call), PATIENCE)
              .<Void>mapEmpty()
              .recover(failure -> lost(instance.instanceId(), call, failure));
    };
  }

  private static UsageReport message(String instanceId, CallReport call) {
    return new UsageReport(
        instanceId,
        call.model().id(),
        call.model().provider(),
        // The accounts know two kinds of prompt tokens: those read from a cache, and all others.
        call.tokens().input() + call.tokens().cacheWrite(),
        call.tokens().output(),
        call.tokens().cached(),
        call.plainCost());
  }

  private static Future<Void> lost(String instanceId, CallReport call, Throwable failure) {
    LOG.warn(
        "Usage of instance {} was not taken: {} input, {} output, {} cached tokens, cost {}: {}",
        instanceId,
        call.tokens().input(),
        call.tokens().output(),
        call.tokens().cached(),
        call.plainCost(),
        failure.getMessage());
    return Future.succeededFuture();
  }
}

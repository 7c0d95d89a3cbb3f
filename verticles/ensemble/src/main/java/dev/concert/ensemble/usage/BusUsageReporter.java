package dev.concert.ensemble.usage;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
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
  public Future<Void> report(Caller caller, ServedModel model, TokenCount tokens, String cost) {
    return switch (caller) {
      case Caller.ConfiguredKey key -> Future.succeededFuture();
      case Caller.IssuedKey key -> Future.succeededFuture();
      case Caller.Instance instance ->
          bus.request(
                  Addresses.REPORT_USAGE,
                  report(instance.instanceId(), model, tokens, cost),
                  PATIENCE)
              .<Void>mapEmpty()
              .recover(failure -> lost(instance.instanceId(), tokens, cost, failure));
    };
  }

  private static UsageReport report(
      String instanceId, ServedModel model, TokenCount tokens, String cost) {
    return new UsageReport(
        instanceId,
        model.id(),
        model.provider(),
        // The accounts know two kinds of prompt tokens: those read from a cache, and all others.
        tokens.input() + tokens.cacheWrite(),
        tokens.output(),
        tokens.cached(),
        cost);
  }

  private static Future<Void> lost(
      String instanceId, TokenCount tokens, String cost, Throwable failure) {
    LOG.warn(
        "Usage of instance {} was not taken: {} input, {} output, {} cached tokens, cost {}: {}",
        instanceId,
        tokens.input(),
        tokens.output(),
        tokens.cached(),
        cost,
        failure.getMessage());
    return Future.succeededFuture();
  }
}

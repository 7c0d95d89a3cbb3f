package dev.concert.ensemble.usage;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.ensemble.access.Caller;
import dev.concert.error.FailureLog;
import dev.concert.inference.InferenceMessages.UsageReport;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the usage of agent instances to the coordinator. */
public final class BusUsageReporter implements UsageReporter {
  private static final Logger LOG = LoggerFactory.getLogger(BusUsageReporter.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ConcertBus bus;

  public BusUsageReporter(ConcertBus bus) {
    this.bus = bus;
  }

  @Override
  public Future<Void> report(CallReport call) {
    return switch (call.caller()) {
      case Caller.ConfiguredKey key -> Future.succeededFuture();
      case Caller.IssuedKey key -> Future.succeededFuture();
      // The gateway's own calls belong to no agent; the usage ledger has them.
      case Caller.Instance instance when instance.isGateway() -> Future.succeededFuture();
      case Caller.Instance instance when !call.used() -> Future.succeededFuture();
      case Caller.Instance instance ->
          bus.request(Addresses.REPORT_USAGE, message(instance.instanceId(), call), TIMEOUT)
              .<Void>mapEmpty()
              .recover(failure -> lost(instance.instanceId(), call, failure));
    };
  }

  private static UsageReport message(String instanceId, CallReport call) {
    return new UsageReport(
        instanceId,
        call.model().id(),
        call.model().provider(),
        // The coordinator knows two kinds of prompt tokens: read from a cache, and all others.
        call.tokens().input() + call.tokens().cacheWrite(),
        call.tokens().output(),
        call.tokens().cached(),
        call.model().price().known() ? call.plainCost() : null);
  }

  private static Future<Void> lost(String instanceId, CallReport call, Throwable failure) {
    LOG.warn(
        "Cannot report the usage of instance {}: {} input, {} output, {} cached tokens, cost {}:"
            + " {}",
        instanceId,
        call.tokens().input(),
        call.tokens().output(),
        call.tokens().cached(),
        call.plainCost(),
        FailureLog.reason(failure));
    return Future.succeededFuture();
  }
}

package dev.concert.chronicle.gc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** What upkeep did, in numbers. Thread-safe. */
public final class GcMetrics {
  private final Timer duration;
  private final Counter failures;
  private final Counter dropped;
  private final Counter removed;
  private final Counter freed;
  private final AtomicLong lastSuccess = new AtomicLong();

  public GcMetrics(MeterRegistry registry) {
    this.duration =
        Timer.builder("concert.chronicle.upkeep")
            .description("Runs of retention and collection")
            .register(registry);
    this.failures = counter(registry, "upkeep.failures", "Runs that failed");
    this.dropped = counter(registry, "iterations.dropped", "Iterations that retention dropped");
    this.removed = counter(registry, "contents.removed", "Contents that nothing needed");
    this.freed = counter(registry, "contents.freed.bytes", "Bytes of the disk that they had");
    Gauge.builder("concert.chronicle.upkeep.last.success", lastSuccess, AtomicLong::get)
        .description("Unix seconds of the last run that succeeded, 0 before")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("concert.chronicle." + name).description(description).register(registry);
  }

  /** Runs it and counts. */
  public GarbageCollection.Report run(Callable<GarbageCollection.Report> upkeep) throws Exception {
    try {
      GarbageCollection.Report report = duration.recordCallable(upkeep);
      dropped.increment(report.dropped());
      report
          .collected()
          .ifPresent(
              result -> {
                removed.increment(result.removed());
                freed.increment(result.freed());
              });
      lastSuccess.set(System.currentTimeMillis() / 1000);
      return report;
    } catch (Exception failure) {
      failures.increment();
      throw failure;
    }
  }
}

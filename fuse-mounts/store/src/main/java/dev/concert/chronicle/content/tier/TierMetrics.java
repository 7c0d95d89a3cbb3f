package dev.concert.chronicle.content.tier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** What operators see of the object store behind the contents. Thread-safe. */
final class TierMetrics {
  private static final String PREFIX = "chronicle.s3.";

  private final Timer uploads;
  private final Counter uploadedBytes;
  private final Counter uploadFailures;
  private final Counter fetched;
  private final Counter missing;
  private final Counter fetchFailures;
  private final Counter evictedBytes;

  /**
   * @param waiting blobs that wait to be sent; must not block
   * @param local bytes of the folder; must not block
   */
  TierMetrics(MeterRegistry registry, Supplier<Number> waiting, Supplier<Number> local) {
    uploads = registry.timer(PREFIX + "uploads");
    uploadedBytes = registry.counter(PREFIX + "uploaded.bytes");
    uploadFailures = registry.counter(PREFIX + "upload.failures");
    fetched = fetches(registry, "found");
    missing = fetches(registry, "missing");
    fetchFailures = fetches(registry, "failed");
    evictedBytes = registry.counter(PREFIX + "evicted.bytes");
    Gauge.builder(PREFIX + "waiting", waiting).strongReference(true).register(registry);
    Gauge.builder(PREFIX + "local.bytes", local).strongReference(true).register(registry);
  }

  private static Counter fetches(MeterRegistry registry, String result) {
    return registry.counter(PREFIX + "fetches", "result", result);
  }

  void uploaded(long bytes, Duration time) {
    uploads.record(time);
    uploadedBytes.increment(bytes);
  }

  void uploadFailed() {
    uploadFailures.increment();
  }

  void fetched(boolean found) {
    (found ? fetched : missing).increment();
  }

  void fetchFailed() {
    fetchFailures.increment();
  }

  void evicted(long bytes) {
    evictedBytes.increment(bytes);
  }
}

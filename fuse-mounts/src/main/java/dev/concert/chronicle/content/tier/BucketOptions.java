package dev.concert.chronicle.content.tier;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.objectstore.GuardedObjectStore;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.objectstore.S3Options;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A bucket behind the content store (configuration {@code chronicle.s3}).
 *
 * @param localBytes how large the local folder may become
 */
public record BucketOptions(S3Options s3, long localBytes) {
  private static final Set<String> KEYS = Set.of("bucket", "region", "endpoint", "localCacheMiB");
  private static final int DEFAULT_LOCAL_MIB = 20 * 1024;
  private static final Duration LEFT_ALONE = Duration.ofSeconds(15);

  /**
   * Empty where no bucket is named, neither in the configuration nor in {@code
   * CHRONICLE_S3_BUCKET}.
   *
   * @throws ConfigException when there is something wrong with it
   */
  public static Optional<BucketOptions> from(JsonObject config, Map<String, String> environment) {
    Set<String> unknown = new TreeSet<>(config.fieldNames());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "chronicle.s3 has no key '%s'; there are: %s."
              .formatted(unknown.iterator().next(), String.join(", ", new TreeSet<>(KEYS))));
    }
    Object local = config.getValue("localCacheMiB", DEFAULT_LOCAL_MIB);
    if (!(local instanceof Number mib) || mib.longValue() < 1) {
      throw new ConfigException(
          "chronicle.s3.localCacheMiB is '%s', but must be a number above 0.".formatted(local));
    }
    return S3Options.from(config, environment, "CHRONICLE_S3_BUCKET")
        .map(s3 -> new BucketOptions(s3, mib.longValue() * 1024 * 1024));
  }

  /**
   * Opens the tier. Blocks on the disk.
   *
   * @param registry gets its meters
   */
  public S3Tier open(Path contentStore, Vertx vertx, MeterRegistry registry) {
    return S3Tier.open(
        contentStore,
        GuardedObjectStore.of(S3ObjectStore.open(s3), vertx, LEFT_ALONE),
        TierOptions.of(localBytes),
        registry);
  }
}

package dev.concert.chronicle.content.tier;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.objectstore.GuardedObjectStore;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.objectstore.S3Options;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket behind the content store (configuration {@code chronicle.s3}).
 *
 * @param localBytes how large the local folder may become
 */
public record BucketOptions(S3Options s3, long localBytes) {
  private static final int DEFAULT_LOCAL_MIB = 20 * 1024;
  private static final long MAX_LOCAL_MIB = 1L << 40;
  private static final Duration LEFT_ALONE = Duration.ofSeconds(15);

  /**
   * Empty where no bucket is named, neither in the configuration nor in {@code
   * CHRONICLE_S3_BUCKET}.
   *
   * @param section {@code chronicle.s3}
   * @throws ConfigException when a setting is wrong or unknown
   */
  public static Optional<BucketOptions> from(
      ConfigReader section, Map<String, String> environment) {
    long mib = section.longNumber("localCacheMiB", 1, MAX_LOCAL_MIB, DEFAULT_LOCAL_MIB);
    Optional<S3Options> s3 = S3Options.from(section, environment, "CHRONICLE_S3_BUCKET");
    section.refuseUnknown();
    return s3.map(options -> new BucketOptions(options, mib * 1024 * 1024));
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

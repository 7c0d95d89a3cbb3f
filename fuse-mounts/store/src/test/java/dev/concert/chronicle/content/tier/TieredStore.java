package dev.concert.chronicle.content.tier;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.foundation.objectstore.GuardedObjectStore;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.objectstore.S3Options;
import dev.concert.testing.S3Server;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A content store with a bucket behind it, in a hurry. */
record TieredStore(ContentStore store, S3Tier tier, MeterRegistry meters) implements AutoCloseable {
  static TieredStore open(Vertx vertx, Path folder, int port, String bucket, long localBytes) {
    S3Options options =
        new S3Options(
            bucket,
            "us-east-1",
            Optional.of(URI.create("http://127.0.0.1:" + port)),
            Optional.of(new S3Options.Credentials(S3Server.KEY_ID, S3Server.SECRET)),
            Optional.empty());
    MeterRegistry meters = new SimpleMeterRegistry();
    S3Tier tier =
        S3Tier.open(
            folder,
            GuardedObjectStore.of(S3ObjectStore.open(options), vertx, Duration.ofMillis(300)),
            new TierOptions(
                4, localBytes, Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(1)),
            meters);
    return new TieredStore(ContentStore.open(folder, tier), tier, meters);
  }

  @Override
  public void close() {
    tier.close();
  }
}

package dev.concert.platform.backup;

import dev.concert.foundation.objectstore.S3Options;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalInt;

/**
 * The configuration of Litestream, as JSON, which is YAML. It has no credentials: Litestream takes
 * them from the environment of the server.
 */
final class LitestreamConfig {
  private LitestreamConfig() {}

  /**
   * @param data the data folder
   * @param databases relative to it
   * @param meta folder in which Litestream keeps its own files, outside those of the databases
   * @param port of its metrics on loopback; empty for none
   */
  static String of(
      BackupOptions options, Path data, Collection<Path> databases, Path meta, OptionalInt port) {
    JsonArray list = new JsonArray();
    databases.forEach(
        database ->
            list.add(
                new JsonObject()
                    .put("path", data.resolve(database).toString())
                    .put("meta-path", meta.resolve(database).toString())
                    .put("replicas", new JsonArray().add(replica(options, database)))));
    JsonObject config = new JsonObject().put("dbs", list);
    port.ifPresent(number -> config.put("addr", "127.0.0.1:" + number));
    return config.put("logging", new JsonObject().put("level", "warn")).encodePrettily();
  }

  private static JsonObject replica(BackupOptions options, Path database) {
    S3Options s3 = options.bucket();
    JsonObject replica =
        new JsonObject()
            .put("type", "s3")
            .put("bucket", s3.bucket())
            .put("path", options.key("db/" + database))
            .put("region", s3.region())
            .put("sync-interval", "1s")
            .put("retention", options.retention().toSeconds() + "s");
    s3.endpoint()
        .ifPresent(url -> replica.put("endpoint", url.toString()).put("force-path-style", true));
    return replica;
  }
}

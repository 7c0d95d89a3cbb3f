package dev.concert.platform.backup;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.objectstore.S3Options;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the backup goes: section {@code backup} of the configuration.
 *
 * @param prefix of all keys in the bucket, without a slash at its ends
 * @param litestream the program
 * @param interval between two looks for new databases and changed files
 * @param retention how long Litestream keeps what was replaced
 */
public record BackupOptions(
    S3Options bucket, String prefix, String litestream, Duration interval, Duration retention) {
  private static final String DEFAULT_PROGRAM = "litestream";

  /** Where npm puts the program, if it is installed into Concert's own folder. */
  private static final String PACKAGES = ".concert/tools/node_modules/@flydotio/litestream-";

  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration RETENTION = Duration.ofHours(24);
  private static final String PREFIX = "[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*";

  /**
   * Empty where neither it nor {@code BACKUP_S3_BUCKET} names a bucket.
   *
   * @param config the whole configuration
   * @throws ConfigException that names the setting
   */
  public static Optional<BackupOptions> from(JsonObject config, Map<String, String> environment) {
    ConfigReader section = ConfigReader.of(config, "backup");
    Optional<S3Options> bucket = S3Options.from(section, environment, "BACKUP_S3_BUCKET");
    String prefix = section.text("prefix", "concert");
    if (!prefix.matches(PREFIX)) {
      throw section.wrong("prefix", "must consist of letters, digits, '.', '_', '-' and '/'");
    }
    String program = section.text("litestream", DEFAULT_PROGRAM);
    Duration interval = section.seconds("intervalSeconds", INTERVAL);
    Duration retention = section.seconds("retentionSeconds", RETENTION);
    section.refuseUnknown();
    return bucket.map(to -> new BackupOptions(to, prefix, program, interval, retention));
  }

  /** The same, with another program where none was configured. */
  public BackupOptions withDefaultProgram(Path home) {
    Optional<Path> ours =
        Stream.of("linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64")
            .map(system -> home.resolve(PACKAGES + system + "/litestream"))
            .filter(Files::isRegularFile)
            .findFirst();
    return litestream.equals(DEFAULT_PROGRAM) && ours.isPresent()
        ? new BackupOptions(bucket, prefix, ours.get().toString(), interval, retention)
        : this;
  }

  /** The key of an object of the backup. */
  String key(String name) {
    return prefix + "/" + name;
  }
}

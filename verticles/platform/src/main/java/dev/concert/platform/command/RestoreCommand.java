package dev.concert.platform.command;

import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.platform.ConfigSource;
import dev.concert.platform.PlatformException;
import dev.concert.platform.backup.BackupOptions;
import dev.concert.platform.backup.Restore;
import dev.concert.platform.backup.RestoredWorkspaces;
import dev.concert.platform.server.EmbeddedServer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert restore}. */
@Command(
    name = "restore",
    description = {
      "Restores the backup of a server into an empty folder (docs/backup.md). One that was cut can"
          + " be repeated.",
      "The configuration names the bucket, as for `concert up`."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--into", required = true, description = "The folder; missing or empty.")
  private Path into;

  @Option(names = "--config", description = "YAML configuration file.")
  private Optional<Path> config;

  @Override
  public Integer call() {
    JsonObject settings = new ConfigSource(config, EmbeddedServer.home()).read();
    BackupOptions options =
        BackupOptions.from(settings, System.getenv())
            .map(backup -> backup.withDefaultProgram(EmbeddedServer.home()))
            .orElseThrow(
                () ->
                    new PlatformException(
                        "No backup is configured: name its bucket in backup.bucket of --config, or"
                            + " in BACKUP_S3_BUCKET."));
    Optional<BucketOptions> contents =
        BucketOptions.from(ConfigReader.of(settings, "chronicle").section("s3"), System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    Restore restore = new Restore(options, into);
    Restore.Result restored = restore.run();
    restored.missing().forEach(file -> out.printf("not in the backup: %s%n", file));
    RestoredWorkspaces.Result workspaces = new RestoredWorkspaces(into, contents).run();
    restore.finish();
    workspaces.missing().forEach(file -> out.printf("content not in the bucket: %s%n", file));
    out.printf(
        "Restored %d databases, %d other files, and %d files of %d workspaces.%n"
            + "Start the server with: concert up --data %s%n",
        restored.databases(), restored.files(), workspaces.files(), workspaces.workspaces(), into);
    out.flush();
    return restored.missing().isEmpty() && workspaces.missing().isEmpty() ? 0 : 1;
  }
}

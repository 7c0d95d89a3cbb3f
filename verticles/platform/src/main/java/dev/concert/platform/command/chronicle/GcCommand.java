package dev.concert.platform.command.chronicle;

import dev.concert.chronicle.gc.ContentSweeper;
import dev.concert.chronicle.gc.GarbageCollection;
import dev.concert.chronicle.retention.RetentionPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code concert chronicle gc}: 0 when it is done, 1 where another process is at it. */
@Command(
    name = "gc",
    description = {
      "Removes old iterations by a policy, then contents that no iteration needs.",
      "If it is killed, the next run continues where it stopped."
    },
    mixinStandardHelpOptions = true)
final class GcCommand implements Callable<Integer> {
  private static final Duration SHORTEST_BESIDE_SERVER = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private ContentStoreOptions place;

  @Option(
      names = "--keep",
      defaultValue = "all",
      description =
          "Iterations to keep: all, last:N of each file, or thin: all of a day, hourly"
              + " for a week, daily for a month, then every 30 days (default: ${DEFAULT-VALUE})."
              + " A workspace's own policy takes precedence.")
  private String keep;

  @Option(
      names = "--grace-hours",
      defaultValue = "24",
      description = "Hours to keep a content that nothing needs (default: ${DEFAULT-VALUE}).")
  private int graceHours;

  @Override
  public Integer call() throws IOException {
    RetentionPolicy policy = policy();
    Path folder = place.store();
    Duration grace = Duration.ofHours(graceHours);
    if (graceHours < 0 || place.isServed() && grace.compareTo(SHORTEST_BESIDE_SERVER) < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--grace-hours must be at least 1 while a server runs, and at least 0 otherwise.");
    }
    PrintWriter out = spec.commandLine().getOut();
    GarbageCollection.Report report =
        new GarbageCollection(folder, place.workspaces(), policy, grace).run();
    out.printf("%,d iterations removed.%n", report.dropped());
    Optional<ContentSweeper.Result> result = report.collected();
    if (result.isEmpty()) {
      spec.commandLine().getErr().println("Another process runs the garbage collection already.");
      return 1;
    }
    out.printf(
        "%,d contents removed (%,d MiB), %,d kept.%n",
        result.get().removed(), result.get().freed() >> 20, result.get().kept());
    out.flush();
    return 0;
  }

  private RetentionPolicy policy() {
    try {
      return RetentionPolicy.parse(keep);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), "--keep: " + wrong.getMessage());
    }
  }
}

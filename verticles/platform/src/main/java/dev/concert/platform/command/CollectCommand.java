package dev.concert.platform.command;

import dev.concert.chronicle.collection.Collector;
import dev.concert.chronicle.collection.Upkeep;
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
      "Drops old iterations by a policy, then contents that no iteration needs.",
      "Killed, it goes on at the next start where it was."
    },
    mixinStandardHelpOptions = true)
final class CollectCommand implements Callable<Integer> {
  private static final Duration SHORTEST_BESIDE_SERVER = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private ContentPlace place;

  @Option(
      names = "--keep",
      defaultValue = "all",
      description =
          "Iterations to keep: all, last:N of each file, or thin: all of a day, hourly"
              + " for a week, daily for a month, then every 30 days (default: ${DEFAULT-VALUE})."
              + " A workspace with a policy of its own is kept by that.")
  private String keep;

  @Option(
      names = "--grace-hours",
      defaultValue = "24",
      description =
          "Hours for which a content stays that nothing needs (default: ${DEFAULT-VALUE}).")
  private int graceHours;

  @Override
  public Integer call() throws IOException {
    RetentionPolicy policy = policy();
    Path folder = place.store();
    Duration grace = Duration.ofHours(graceHours);
    if (graceHours < 0 || place.isServed() && grace.compareTo(SHORTEST_BESIDE_SERVER) < 0) {
      throw new ParameterException(
          spec.commandLine(), "--grace-hours has to be 1 at least while a server runs, else 0.");
    }
    PrintWriter out = spec.commandLine().getOut();
    Upkeep.Report report = new Upkeep(folder, place.workspaces(), policy, grace).run();
    out.printf("%,d iterations dropped.%n", report.dropped());
    Optional<Collector.Result> result = report.collected();
    if (result.isEmpty()) {
      spec.commandLine().getErr().println("Another process is collecting already.");
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

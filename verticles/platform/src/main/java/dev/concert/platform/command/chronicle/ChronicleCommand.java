package dev.concert.platform.command.chronicle;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert chronicle}: maintains the stored contents of all workspaces. */
@Command(
    name = "chronicle",
    description =
        "Maintains stored workspace files (verify, gc, stats), with or without a running server.",
    mixinStandardHelpOptions = true,
    subcommands = {VerifyCommand.class, GcCommand.class, StatsCommand.class})
public final class ChronicleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

package dev.concert.platform.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert chronicle}: looks after the contents of all workspaces. */
@Command(
    name = "chronicle",
    description = "Looks after the contents of all workspaces, beside a server or without one.",
    mixinStandardHelpOptions = true,
    subcommands = {VerifyCommand.class, CollectCommand.class, StatsCommand.class})
final class ChronicleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

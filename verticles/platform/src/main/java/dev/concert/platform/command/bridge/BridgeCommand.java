package dev.concert.platform.command.bridge;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert bridge}. */
@Command(
    name = "bridge",
    description = "Connects a chat platform, so that people talk to agents there.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BridgeAddCommand.class,
      BridgeListCommand.class,
      BridgeTestCommand.class,
      BridgeRemoveCommand.class,
      BridgePairCommand.class
    },
    footer = {"", "Uses the server at CONCERT_URL or on port 8080. docs/bridges.md has each step."})
public final class BridgeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

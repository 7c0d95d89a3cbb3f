package dev.concert.platform.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert key}: keys to Ensemble, for people without the admin API. */
@Command(
    name = "key",
    description = "Gives out keys to models and ends them, beside a server or without one.",
    mixinStandardHelpOptions = true,
    subcommands = {KeyCreateCommand.class, KeyListCommand.class, KeyRevokeCommand.class})
final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

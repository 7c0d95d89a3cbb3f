package dev.concert.platform.command.key;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert key}: API keys of Ensemble, without the admin API. */
@Command(
    name = "key",
    description =
        "Creates, lists, rotates and revokes API keys and teams, with or without a running server.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KeyCreateCommand.class,
      KeyListCommand.class,
      KeyRotateCommand.class,
      KeyRevokeCommand.class,
      KeyTeamCommand.class
    })
public final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

package dev.concert.platform.command.session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert session}. */
@Command(
    name = "session",
    description =
        "Renames, archives and deletes a session, goes back in it, forks it, shares it by a link.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SessionMessagesCommand.class,
      SessionRenameCommand.class,
      SessionArchiveCommand.class,
      SessionDeleteCommand.class,
      SessionRewindCommand.class,
      SessionForkCommand.class,
      SessionShareCommand.class,
      SessionSharesCommand.class,
      SessionUnshareCommand.class
    },
    footer = {"", "`concert sessions` lists them with their ids."})
public final class SessionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

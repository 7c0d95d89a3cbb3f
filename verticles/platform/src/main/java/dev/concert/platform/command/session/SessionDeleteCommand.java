package dev.concert.platform.command.session;

import java.io.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session delete}. */
@Command(
    name = "delete",
    description = "Deletes a session with its files and their history. Nobody can undo that.",
    mixinStandardHelpOptions = true)
final class SessionDeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Override
  public Integer call() {
    if (!yes && !isConfirmed()) {
      spec.commandLine().getErr().println("Nothing is deleted. Confirm it with --yes.");
      return 1;
    }
    try (SessionApi api = SessionApi.open(session)) {
      api.deleteAll();
    }
    return 0;
  }

  private boolean isConfirmed() {
    Console console = System.console();
    return console != null
        && console.isTerminal()
        && "yes".equals(console.readLine("Delete session %s? Type yes: ", session));
  }
}

package dev.concert.platform.command.session;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concert session archive}. */
@Command(
    name = "archive",
    description = "Puts a session away. It stays whole, and leaves the list.",
    mixinStandardHelpOptions = true)
final class SessionArchiveCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Option(names = "--undo", description = "Take an archived session back into the list.")
  private boolean undo;

  @Override
  public Integer call() {
    try (SessionApi api = SessionApi.open(session)) {
      if (undo) {
        api.delete("archived");
      } else {
        api.put("archived", SessionApi.body());
      }
    }
    return 0;
  }
}

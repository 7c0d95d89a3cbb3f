package dev.concert.platform.command.session;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code concert session rename}. */
@Command(
    name = "rename",
    description = "Gives a session another name.",
    mixinStandardHelpOptions = true)
final class SessionRenameCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Parameters(index = "1", paramLabel = "NAME", description = "The new name.")
  private String name;

  @Override
  public Integer call() {
    try (SessionApi api = SessionApi.open(session)) {
      api.put("name", SessionApi.body().put("name", name));
    }
    return 0;
  }
}

package dev.concert.automations.run;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.WorkspaceCopies;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Workspaces of sessions, and copies of them that no agent has. Whoever asks has to know that the
 * run's owner may read the session. Non-blocking.
 */
public record SessionFiles(ConcertBus bus) {
  private static final Duration READING = Duration.ofSeconds(30);

  /** The workspace of a session. */
  public static String of(String sessionId) {
    return WorkspaceCopies.of(sessionId);
  }

  /** Name of a copy to be made. Podium removes such copies when it starts. */
  static String copyFor(String runId) {
    return WorkspaceCopies.copyFor(runId);
  }

  /**
   * Fills a workspace with the present files of another. Doing it twice does no harm.
   *
   * @return number of the last iteration in the copy
   */
  Future<Long> copy(String workspace, String copy) {
    return new WorkspaceCopies(bus).copy(workspace, copy);
  }

  /** Removes a copy; what is left is removed when Podium starts. Does not fail. */
  Future<Void> remove(String copy) {
    return new WorkspaceCopies(bus).remove(copy);
  }

  /** The text of a file; empty if there is none. */
  Future<Optional<String>> text(String workspace, String path) {
    return bus.request(Addresses.READ_FILE, new ReadFile(workspace, path), READING)
        .map(file -> Optional.of(file.content()))
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.FILE_NOT_FOUND
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }
}

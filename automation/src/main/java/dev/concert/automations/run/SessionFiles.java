package dev.concert.automations.run;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.podium.PodiumMessages.DeleteInstance;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workspaces of sessions, and copies of them that no agent has. Whoever asks has to know that the
 * run's owner may read the session. Non-blocking.
 */
public record SessionFiles(ConcertBus bus) {
  private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);
  private static final Duration COPY = Duration.ofMinutes(9);
  private static final Duration REMOVAL = Duration.ofSeconds(70);
  private static final Duration READING = Duration.ofSeconds(30);

  /** The workspace of a session. */
  public static String of(String sessionId) {
    return "agent_" + sessionId;
  }

  /** Name of a copy to be made. Podium removes such copies when it starts. */
  static String copyFor(String runId) {
    return "check_%s_%s".formatted(runId, UUID.randomUUID().toString().substring(0, 8));
  }

  /**
   * Fills a workspace with the present files of another. Doing it twice does no harm.
   *
   * @return number of the last iteration in the copy
   */
  Future<Long> copy(String workspace, String copy) {
    return bus.request(Addresses.FORK_WORKSPACE, new ForkWorkspace(workspace, "", copy), COPY)
        .map(forked -> forked.latest());
  }

  /** Removes a copy; what is left is removed when Podium starts. Does not fail. */
  Future<Void> remove(String copy) {
    return bus.request(Addresses.DELETE_INSTANCE, new DeleteInstance(copy), REMOVAL)
        .onFailure(
            failure -> LOG.warn("The copy {} of a workspace stays: {}", copy, failure.getMessage()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /** The text of a file; empty where there is none. */
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

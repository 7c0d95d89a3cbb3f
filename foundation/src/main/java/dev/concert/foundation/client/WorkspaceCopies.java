package dev.concert.foundation.client;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.FailureLog;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.DeleteInstance;
import dev.concert.podium.PodiumMessages.RunCheck;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of workspaces that no agent has, for commands that say whether its work is good. Whoever
 * asks has to know that the workspace may be read. Non-blocking.
 */
public record WorkspaceCopies(ConcertBus bus) {
  private static final Logger LOG = LoggerFactory.getLogger(WorkspaceCopies.class);
  private static final Duration COPY = Duration.ofMinutes(9);
  private static final Duration REMOVAL = Duration.ofSeconds(70);

  /** For the sandbox, beside the command. */
  private static final Duration AROUND = Duration.ofSeconds(90);

  /** The workspace of a session. */
  public static String of(String sessionId) {
    return "agent_" + sessionId;
  }

  /**
   * Name of a copy to be made. Podium removes such copies when it starts.
   *
   * @param purpose of letters, digits, {@code _} and {@code -}
   */
  public static String copyFor(String purpose) {
    return "check_%s_%s".formatted(purpose, UUID.randomUUID().toString().substring(0, 8));
  }

  /**
   * Fills a workspace with the present files of another. Doing it twice does no harm.
   *
   * @return number of the last iteration in the copy
   */
  public Future<Long> copy(String workspace, String copy) {
    return bus.request(Addresses.FORK_WORKSPACE, new ForkWorkspace(workspace, "", copy), COPY)
        .map(forked -> forked.latest());
  }

  /** Runs a command on a copy, in a sandbox without a network. */
  public Future<CheckOutcome> run(String copy, String command, int seconds) {
    return bus.request(
        Addresses.RUN_CHECK, new RunCheck(copy, command, seconds), AROUND.plusSeconds(seconds));
  }

  /** Removes a copy; what is left is removed when Podium starts. Does not fail. */
  public Future<Void> remove(String copy) {
    return bus.request(Addresses.DELETE_INSTANCE, new DeleteInstance(copy), REMOVAL)
        .onFailure(
            failure ->
                LOG.warn("The copy {} of a workspace stays: {}", copy, FailureLog.reason(failure)))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }
}

package dev.concert.automations.run;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.RunBranch;
import dev.concert.automations.store.RunRow;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.RunCheck;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * What a run made in the clone of a repository, as a branch in a bundle of git. A command makes it
 * in a sandbox, on a copy of the run's files: what the agent left there, such as a configuration of
 * git, reaches nothing else. Non-blocking.
 */
public final class RunBundle {
  private static final String FILE = ".concert.bundle";
  private static final int SECONDS = 60;
  private static final Duration CHECK = Duration.ofSeconds(SECONDS + 90L);
  private static final Duration READING = Duration.ofSeconds(30);
  private static final int NO_REPOSITORY = 97;
  private static final int NO_CHANGE = 98;

  private static final String COMMIT =
      """
      g() {
        git -c safe.directory='*' -c core.hooksPath=/dev/null -c core.fsmonitor=false \\
          -c commit.gpgsign=false -c user.name=Concert -c user.email=concert@localhost "$@"
      }
      g rev-parse -q --verify HEAD >/dev/null || exit 97
      g checkout -q -B '%1$s' && g add -A || exit 1
      g diff --cached --quiet || g commit -q -m '%2$s' || exit 1
      test -n "$(g rev-list '%1$s' --not --remotes)" || exit 98
      g bundle create -q %3$s '%1$s' --not --remotes
      """;

  private final ConcertBus bus;
  private final GatewayClient gateway;
  private final SessionFiles files;

  public RunBundle(ConcertBus bus, GatewayClient gateway) {
    this.bus = bus;
    this.gateway = gateway;
    this.files = new SessionFiles(bus);
  }

  /** The branch of a run that has ended. */
  public Future<RunBranch> of(Caller caller, RunRow run) {
    String session =
        run.sessionId().orElseThrow(() -> refused("This run has no session, and so no files."));
    return of(caller.tenantId(), caller.userId(), run.id(), session)
        .map(branch -> branch.orElseThrow(() -> refused("This run changed nothing.")));
  }

  /** The branch of a run in this session; empty where it changed nothing. */
  Future<Optional<RunBranch>> of(String tenantId, String userId, String runId, String session) {
    String branch = "concert/" + session;
    String copy = SessionFiles.copyFor(runId);
    // The gateway says whether the user may read it.
    return gateway
        .call(tenantId, userId, "get_session", GatewayClient.request().put("sessionId", session))
        .compose(_ -> files.copy(SessionFiles.of(session), copy))
        .compose(
            _ ->
                bus.request(
                    Addresses.RUN_CHECK,
                    new RunCheck(copy, COMMIT.formatted(branch, "Work of " + runId, FILE), SECONDS),
                    CHECK))
        .compose(
            outcome ->
                hasBundle(outcome)
                    ? bus.request(Addresses.READ_FILE, new ReadFile(copy, FILE), READING)
                        .map(bundle -> Optional.of(new RunBranch(branch, base64(bundle))))
                    : Future.succeededFuture(Optional.<RunBranch>empty()))
        .eventually(() -> files.remove(copy));
  }

  private static boolean hasBundle(CheckOutcome outcome) {
    int code = outcome.exitCode() == null ? -1 : outcome.exitCode();
    return switch (code) {
      case 0 -> true;
      case NO_REPOSITORY ->
          throw refused("The files of this run are no git repository with a commit.");
      case NO_CHANGE -> false;
      default ->
          throw refused(
              "Git could not make the branch. %s%s".formatted(outcome.killed(), outcome.output()));
    };
  }

  private static String base64(FileContent bundle) {
    return bundle.encoding().equals("utf8")
        ? Base64.getEncoder().encodeToString(bundle.content().getBytes(StandardCharsets.UTF_8))
        : bundle.content();
  }

  private static ConcertException refused(String why) {
    return new ConcertException(ErrorCode.PRECONDITION_FAILED, why);
  }
}

package dev.concert.automations.run;

import dev.concert.automation.AutomationMessages.RunBranch;
import dev.concert.automation.RunWorkspace;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunRow;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.repository.RepositoryMessages.PublishBranch;
import dev.concert.repository.RepositoryMessages.PublishedPull;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Brings what a run changed to the repository that it cloned, as a draft of a pull request. The
 * GitHub service does it, and does it once: asked again after a crash, it answers as before.
 * Non-blocking.
 */
final class RunPull {
  private static final Duration PUSH = Duration.ofMinutes(5);

  /** What a repetition does not change. */
  private static final Set<ErrorCode> FINAL =
      Set.of(
          ErrorCode.REPOSITORY_NOT_FOUND,
          ErrorCode.REPOSITORY_REFUSED,
          ErrorCode.PRECONDITION_FAILED,
          ErrorCode.INVALID_MESSAGE);

  private final RunServices services;
  private final AutomationRow automation;
  private final RunBundle bundle;

  RunPull(RunServices services, AutomationRow automation) {
    this.services = services;
    this.automation = automation;
    this.bundle = new RunBundle(services.bus(), services.gateway());
  }

  /** Whether trying again may help. */
  static boolean mayPass(Throwable failure) {
    return !FINAL.contains(Problem.of(failure).code());
  }

  /**
   * The pull request's address; empty where the run changed nothing.
   *
   * @param session with the changed files
   * @param text what the agent said
   */
  Future<Optional<String>> open(RunRow run, String session, String text) {
    RunWorkspace repository = automation.task().pullRequest().orElseThrow();
    return bundle
        .of(services.tenantId(), automation.owner(), run.id(), session)
        .compose(
            branch ->
                branch
                    .map(one -> publish(run, repository, one, text))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  private Future<Optional<String>> publish(
      RunRow run, RunWorkspace repository, RunBranch branch, String text) {
    String body =
        "%s\n\nMade by the automation *%s* (%s).".formatted(text, automation.name(), run.id());
    return services
        .bus()
        .request(
            GitHubAddresses.PUBLISH_BRANCH,
            new PublishBranch(
                services.tenantId(),
                repository.url(),
                repository.ref(),
                branch.branch(),
                branch.bundle(),
                automation.name(),
                body.strip()),
            PUSH)
        .map(PublishedPull::url)
        .map(Optional::of);
  }
}

package dev.concert.automations.run;

import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunOutcomes.Outcome;
import dev.concert.automations.store.RunRow;
import dev.concert.automations.store.RunRow.State;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/**
 * How a run ends whose agent ended well: what the checks say, and then the pull request. Where it
 * fails it can be asked again, and goes on after the checks. On one context.
 */
final class RunConclusion {
  private final RunServices services;
  private final AutomationRow automation;
  private final RunRow run;
  private final RunVerifier verifier;
  private final RunPull pull;
  private Optional<Outcome> checked = Optional.empty();

  RunConclusion(RunServices services, AutomationRow automation, RunRow run) {
    this.services = services;
    this.automation = automation;
    this.run = run;
    this.verifier = new RunVerifier(services, automation);
    this.pull = new RunPull(services, automation);
  }

  /**
   * @param watch of the turn that ended
   * @param deadline of the run; what fails after it is not tried again
   */
  Future<Outcome> of(String session, TurnWatch watch, Instant deadline) {
    return checked(session, watch, deadline)
        .onSuccess(outcome -> checked = Optional.of(outcome))
        .compose(outcome -> published(outcome, session, deadline));
  }

  private Future<Outcome> checked(String session, TurnWatch watch, Instant deadline) {
    if (checked.isPresent()) {
      return Future.succeededFuture(checked.get());
    }
    if (automation.task().allChecks().isEmpty()) {
      boolean isQuiet = RunPrompt.isNothingToReport(automation, watch.text());
      return Future.succeededFuture(new Outcome(State.SUCCEEDED, "", watch.text(), false, isQuiet));
    }
    return verifier
        .verify(run, session, watch.text())
        .recover(failure -> notChecked(failure, deadline))
        .compose(
            result ->
                services
                    .runs()
                    .setCost(run.id(), watch.cost().add(result.cost()))
                    .map(verified(result, watch.text())));
  }

  /** A platform that does not answer is asked again, as long as the run has time. */
  private Future<CheckFinding> notChecked(Throwable failure, Instant deadline) {
    return services.clock().instant().isBefore(deadline)
        ? Future.failedFuture(failure)
        : Future.succeededFuture(
            CheckFinding.needsPerson(
                "The checks could not be made: " + Problem.of(failure).message()));
  }

  private static Outcome verified(CheckFinding result, String text) {
    return new Outcome(
        result.verdict() == CheckFinding.Verdict.VERIFIED ? State.SUCCEEDED : State.UNVERIFIED,
        result.note(),
        text,
        result.verdict() == CheckFinding.Verdict.FAILED,
        false,
        Optional.of(result.verdict().wireName()),
        Optional.empty());
  }

  /** What is done well becomes a pull request, where that is wanted. */
  private Future<Outcome> published(Outcome outcome, String session, Instant deadline) {
    if (outcome.state() != State.SUCCEEDED || automation.task().pullRequest().isEmpty()) {
      return Future.succeededFuture(outcome);
    }
    return pull.open(run, session, outcome.text())
        .map(url -> url.map(outcome::in).orElse(outcome))
        .recover(
            failure ->
                RunPull.mayPass(failure) && services.clock().instant().isBefore(deadline)
                    ? Future.failedFuture(failure)
                    : Future.succeededFuture(
                        new Outcome(
                            State.FAILED,
                            "Its pull request could not be opened: "
                                + Problem.of(failure).message(),
                            outcome.text(),
                            false)));
  }
}

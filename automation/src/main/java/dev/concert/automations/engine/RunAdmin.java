package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.RunAccepted;
import dev.concert.automation.AutomationMessages.RunBranch;
import dev.concert.automation.AutomationMessages.RunChanges;
import dev.concert.automations.run.RunAcceptance;
import dev.concert.automations.run.RunBundle;
import dev.concert.automations.store.RunRow;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.util.Optional;

/** Shows and accepts what runs of one tenant changed. On one context. */
public final class RunAdmin {
  private final TenantAutomations tenant;
  private final AutomationAdmin automations;
  private final RunAcceptance acceptance;
  private final RunBundle bundle;

  public RunAdmin(
      TenantAutomations tenant,
      AutomationAdmin automations,
      RunAcceptance acceptance,
      RunBundle bundle) {
    this.tenant = tenant;
    this.automations = automations;
    this.acceptance = acceptance;
    this.bundle = bundle;
  }

  public Future<RunChanges> changes(Caller caller, String automationId, String runId) {
    return run(caller, automationId, runId).compose(run -> acceptance.changes(caller, run));
  }

  public Future<RunAccepted> accept(Caller caller, String automationId, String runId) {
    return run(caller, automationId, runId).compose(run -> acceptance.accept(caller, run));
  }

  public Future<RunBranch> branch(Caller caller, String automationId, String runId) {
    return run(caller, automationId, runId).compose(run -> bundle.of(caller, run));
  }

  private Future<RunRow> run(Caller caller, String automationId, String runId) {
    return automations
        .owned(caller, automationId)
        .compose(_ -> tenant.stores().runs().find(runId))
        .map(found -> ended(found.filter(run -> run.automationId().equals(automationId))));
  }

  private static RunRow ended(Optional<RunRow> found) {
    RunRow run =
        found.orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.NOT_FOUND, "There is no run of this id. List the runs."));
    if (run.state().isOpen()) {
      throw new ConcertException(
          ErrorCode.PRECONDITION_FAILED, "This run still goes on. Wait for its end, or stop it.");
    }
    return run;
  }
}

package dev.concert.github.work;

import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.foundation.client.EngineHandover;
import dev.concert.github.api.IssueRef;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.rule.RuleSource;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Tells the automation engine how the work of a tenant is that rules began. */
record RuleWorkReport(String tenantId, WorkServices services, EngineHandover engine) {

  /** How work is now; nothing where no rule began it. */
  Future<Void> changed(WorkItem item, List<WorkTask> tasks) {
    Optional<RuleSource> rule = item.plan().rule();
    return rule.isEmpty() || tasks.isEmpty()
        ? Future.succeededFuture()
        : services
            .connections()
            .find(item.connectionId())
            .compose(
                found ->
                    found
                        .map(connection -> work(connection, item, rule.get(), tasks))
                        .map(engine::changed)
                        .orElseGet(Future::succeededFuture));
  }

  private RuleWork work(
      ForgeConnection connection, WorkItem item, RuleSource rule, List<WorkTask> tasks) {
    Optional<WorkTask> open = tasks.stream().filter(task -> !task.state().isOver()).findFirst();
    WorkTask last = tasks.getLast();
    Forge forge = services.forge(connection);
    String state =
        open.map(
                task ->
                    task.state() == WorkTask.State.WAITING && item.session().isEmpty()
                        ? "queued"
                        : "running")
            .orElseGet(
                () ->
                    switch (last.state()) {
                      case DONE -> "succeeded";
                      case STOPPED -> "stopped";
                      default -> "failed";
                    });
    return new RuleWork(
        tenantId,
        connection.userId(),
        item.repository().toString(),
        forge.rulesPath(),
        rule.name(),
        rule.line(),
        rule.prompt(),
        item.id(),
        item.number(),
        item.createdMs(),
        state,
        item.session().orElse(null),
        state.equals("failed") ? last.text() : "",
        item.pull()
            .map(number -> forge.page(item.repository(), new IssueRef(number, true)))
            .orElse(null));
  }
}

package dev.concert.automations.engine;

import dev.concert.automation.AutomationCheck;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.run.SchemaCheck;
import dev.concert.automations.schedule.ScheduleException;
import dev.concert.automations.schedule.Schedules;
import dev.concert.automations.store.AutomationRow;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;

/** What an automation may wait for, and in which session it may work. */
record DefinitionRules(
    String tenantId, TenantAutomations tenant, ScheduleIndex index, GatewayClient gateway) {

  /**
   * Completes when an automation may be stored.
   *
   * @throws dev.concert.error.ConcertException {@code INVALID_MESSAGE}, which names the field
   */
  Future<Void> check(AutomationRow row) {
    checkTask(row);
    return checkSource(row.trigger(), row.owner());
  }

  private static void checkTask(AutomationRow row) {
    if (row.trigger().kind() == AutomationTrigger.Kind.HEARTBEAT
        && row.task().sessionId() == null) {
      throw AutomationAdmin.invalid("'task.sessionId' is missing: a heartbeat is in a session");
    }
    boolean isOfFiles = row.trigger().kind() == AutomationTrigger.Kind.FILE;
    if (isOfFiles && row.trigger().source().equals(row.task().sessionId())) {
      throw AutomationAdmin.invalid("'task.sessionId' is the session whose files it waits for");
    }
    try {
      if (isOfFiles) {
        Schedules.glob(row.trigger().expression());
      }
    } catch (ScheduleException e) {
      throw AutomationAdmin.invalid("'trigger.expression': " + e.getMessage());
    }
    checkGlobs(row.trigger());
    row.task().allChecks().forEach(DefinitionRules::checkSchema);
    try {
      Schedules.quietHours(row.trigger());
    } catch (ScheduleException e) {
      throw AutomationAdmin.invalid("'trigger.quietHours': " + e.getMessage());
    }
  }

  private static void checkSchema(AutomationCheck check) {
    if (check.kind() == AutomationCheck.Kind.SCHEMA) {
      try {
        SchemaCheck.of(check.expected());
      } catch (IllegalArgumentException e) {
        throw AutomationAdmin.invalid("'expected' of a check: " + e.getMessage());
      }
    }
  }

  private static void checkGlobs(AutomationTrigger trigger) {
    if (trigger.kind() == AutomationTrigger.Kind.GITHUB) {
      try {
        trigger.github().allRepositories().forEach(Schedules::glob);
        trigger.github().allBranches().forEach(Schedules::glob);
      } catch (ScheduleException e) {
        throw AutomationAdmin.invalid("'trigger.github': " + e.getMessage());
      }
    }
  }

  /**
   * An automation can follow only sessions that its owner sees and automations of the same owner.
   */
  private Future<Void> checkSource(AutomationTrigger trigger, String owner) {
    if (trigger.kind() == AutomationTrigger.Kind.FILE) {
      return gateway
          .call(
              tenantId,
              owner,
              "get_session",
              GatewayClient.request().put("sessionId", trigger.source()))
          .compose(_ -> index.watch(tenantId));
    }
    if (trigger.kind() != AutomationTrigger.Kind.AUTOMATION) {
      return Future.succeededFuture();
    }
    return tenant
        .stores()
        .automations()
        .find(trigger.source())
        .map(
            found -> {
              if (found.filter(one -> one.owner().equals(owner)).isEmpty()) {
                throw AutomationAdmin.invalid(
                    "'trigger.source' is no automation of the same owner");
              }
              return null;
            });
  }
}

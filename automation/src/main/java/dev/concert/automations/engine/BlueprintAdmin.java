package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.BlueprintInfo;
import dev.concert.automation.AutomationMessages.BlueprintParameter;
import dev.concert.automation.AutomationMessages.Blueprints;
import dev.concert.automation.AutomationMessages.CreateAutomation;
import dev.concert.automation.AutomationMessages.UseBlueprint;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automations.blueprint.Blueprint;
import dev.concert.automations.schedule.Schedule;
import dev.concert.automations.schedule.Schedules;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Lists blueprints and makes automations of them. On one context. */
public final class BlueprintAdmin {
  private final List<Blueprint> blueprints;

  public BlueprintAdmin(List<Blueprint> blueprints) {
    this.blueprints = blueprints;
  }

  public Blueprints list(Instant now) {
    return new Blueprints(blueprints.stream().map(one -> info(one, now)).toList());
  }

  private static BlueprintInfo info(Blueprint blueprint, Instant now) {
    return new BlueprintInfo(
        blueprint.name(),
        blueprint.title(),
        blueprint.description(),
        blueprint.parameters().entrySet().stream()
            .map(
                one ->
                    new BlueprintParameter(
                        one.getKey(),
                        one.getValue().description(),
                        one.getValue().fallback().orElse(null)))
            .toList(),
        Schedules.of(blueprint.trigger(), now)
            .map(Schedule::description)
            .orElse("when somebody starts it"),
        blueprint.task().path("checks").size());
  }

  /** Makes an automation, as if somebody had written it. */
  public Future<Automation> use(UseBlueprint wanted, AutomationAdmin automations) {
    Blueprint blueprint =
        blueprints.stream()
            .filter(one -> one.name().equals(wanted.blueprint()))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.NOT_FOUND,
                        "There is no blueprint of this name. List the blueprints."));
    AutomationPolicy policy =
        blueprint.policy() == null ? AutomationPolicy.DEFAULT : blueprint.policy();
    return automations.create(
        new CreateAutomation(
            wanted.caller(),
            wanted.name() == null ? blueprint.title() : wanted.name(),
            wanted.trigger() == null ? blueprint.trigger() : wanted.trigger(),
            blueprint.task(wanted.values()),
            wanted.policy() == null ? policy : wanted.policy().orElse(policy),
            wanted.paused()));
  }
}

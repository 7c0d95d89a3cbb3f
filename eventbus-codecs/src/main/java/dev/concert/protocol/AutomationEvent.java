package dev.concert.protocol;

import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.Run;

/**
 * Events about automations, their runs and the inbox. They tell an open connection that something
 * is new; the lists have all of it.
 */
public sealed interface AutomationEvent extends ServerEvent {

  record AutomationCreated(Automation automation) implements AutomationEvent {}

  /** It was changed, paused or resumed. */
  record AutomationUpdated(Automation automation) implements AutomationEvent {}

  record AutomationDeleted(String automationId) implements AutomationEvent {}

  /** The engine disabled it; {@code stateReason} says why. */
  record AutomationDisabled(Automation automation) implements AutomationEvent {}

  record RunQueued(Run run) implements AutomationEvent {}

  record RunStarted(Run run) implements AutomationEvent {}

  /** It waits for a person. */
  record RunWaiting(Run run) implements AutomationEvent {}

  record RunCompleted(Run run) implements AutomationEvent {}

  /** It ended in any other way; its state says in which. */
  record RunFailed(Run run) implements AutomationEvent {}

  /**
   * A time at which nothing ran.
   *
   * @param scheduledAt Unix milliseconds
   */
  record RunSkipped(String automationId, long scheduledAt, String reason)
      implements AutomationEvent {}

  record ItemCreated(InboxItem item) implements AutomationEvent {}

  record ItemUpdated(InboxItem item) implements AutomationEvent {}
}

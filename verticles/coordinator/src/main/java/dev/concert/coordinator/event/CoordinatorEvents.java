package dev.concert.coordinator.event;

import dev.concert.agentevent.AgentEvent;
import dev.concert.coordinator.ipc.AgentFrame;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.workspace.WorkspaceMessages.FileChange;

/** The events that the coordinator itself makes: ends of messages, changed files, usage. Pure. */
public final class CoordinatorEvents {
  private CoordinatorEvents() {}

  /** The event that ends a message. A code that is not one of ours becomes {@code AGENT_ERROR}. */
  public static AgentEvent of(AgentFrame.Complete complete) {
    if (!"error".equals(complete.stopReason())) {
      return completed(complete.messageId(), complete.stopReason(), complete.finalText());
    }
    AgentFrame.Failure error =
        complete.error() == null ? new AgentFrame.Failure(null, null, true) : complete.error();
    boolean known = ErrorCode.ofName(error.code()).isPresent();
    return new AgentEvent(
        complete.messageId(),
        new ServerEvent.TurnError(
            known ? error.code() : ErrorCode.AGENT_ERROR.name(),
            known ? error.message() : error.code() + ": " + error.message(),
            error.retryable()));
  }

  /** The event that ends a message which did not fail. */
  public static AgentEvent completed(String messageId, String stopReason, String finalText) {
    return new AgentEvent(
        messageId, new ServerEvent.TurnComplete(finalText, stopReason, UsageTotals.NONE));
  }

  /** The event of a changed file. */
  public static ServerEvent of(FileChange change) {
    return new ServerEvent.FileChanged(
        change.path(), change.change(), change.iteration(), change.from());
  }

  /** The event of a model call. */
  public static ServerEvent of(UsageReport usage) {
    return new ServerEvent.UsageUpdate(
        usage.model(),
        usage.provider(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cachedTokens(),
        usage.cost());
  }
}

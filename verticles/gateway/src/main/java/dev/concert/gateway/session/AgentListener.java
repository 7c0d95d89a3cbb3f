package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.INACTIVE;
import static dev.concert.protocol.SessionState.READY;

import dev.concert.error.ErrorCode;
import dev.concert.gateway.agent.NativeEventMapper;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the agent did into events of the session. Used on the session's context only. */
final class AgentListener {
  private static final Logger LOG = LoggerFactory.getLogger(AgentListener.class);

  private final SessionStatus status;
  private final TurnStage stage;

  AgentListener(SessionStatus status, TurnStage stage) {
    this.status = status;
    this.stage = stage;
  }

  void receive(NativeEvent event) {
    switch (event) {
      case NativeEvent.Complete complete -> ended(complete.messageId(), event);
      case NativeEvent.Failed failed when failed.messageId() != null ->
          ended(failed.messageId(), event);
      case NativeEvent.Failed failed -> LOG.warn("An idle agent failed: {}", failed.message());
      case NativeEvent.SandboxRemoved removed -> removed(removed);
      default -> NativeEventMapper.map(event, UsageTotals.NONE).forEach(stage::place);
    }
  }

  private void ended(String messageId, NativeEvent event) {
    stage
        .current()
        .filter(current -> current.id().equals(messageId))
        .ifPresent(
            current ->
                NativeEventMapper.map(event, current.usage())
                    .forEach(last -> stage.end(current, last)));
  }

  /** The process is gone: a turn that it worked on has no one to end it. */
  private void removed(NativeEvent.SandboxRemoved event) {
    stage
        .current()
        .filter(Turn::isDelivered)
        .ifPresent(
            lost ->
                stage.end(
                    lost,
                    new ServerEvent.TurnError(
                        ErrorCode.AGENT_CRASHED.name(),
                        "The agent ended in the middle of the turn. "
                            + ErrorCode.AGENT_CRASHED.advice(),
                        true)));
    NativeEventMapper.map(event, UsageTotals.NONE).forEach(stage::place);
    if (status.state() == READY) {
      status.become(INACTIVE, event.reason());
    }
  }
}

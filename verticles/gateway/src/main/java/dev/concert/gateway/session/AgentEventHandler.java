package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.INACTIVE;
import static dev.concert.protocol.SessionState.READY;

import dev.concert.agentevent.AgentEvent;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.TurnComplete;
import dev.concert.protocol.ServerEvent.TurnError;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what the agent did events of the session. Used on the session's context only. */
final class AgentEventHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AgentEventHandler.class);

  private final SessionStatus status;
  private final CurrentTurn currentTurn;

  AgentEventHandler(SessionStatus status, CurrentTurn currentTurn) {
    this.status = status;
    this.currentTurn = currentTurn;
  }

  void receive(AgentEvent received) {
    switch (received.event()) {
      case TurnComplete end ->
          ended(
              received, turn -> new TurnComplete(end.finalText(), end.stopReason(), turn.usage()));
      case TurnError error when received.messageId() != null ->
          ended(received, turn -> turn.creditRefusal().map(Activation::error).orElse(error));
      case TurnError error -> LOG.warn("An idle agent failed: {}", error.message());
      case ServerEvent.TurnStarted _ -> {
        // The turn was stored when its message was accepted.
      }
      case ServerEvent.SandboxRemoved removed -> removed(removed);
      default -> currentTurn.place(received.event());
    }
  }

  private void ended(AgentEvent received, Function<Turn, ServerEvent> end) {
    currentTurn
        .current()
        .filter(turn -> turn.id().equals(received.messageId()))
        .ifPresent(turn -> currentTurn.end(turn, end.apply(turn)));
  }

  /** The process is gone: the turn that it worked on gets its end here. */
  private void removed(ServerEvent.SandboxRemoved event) {
    currentTurn
        .current()
        .filter(Turn::isDelivered)
        .ifPresent(
            lost ->
                currentTurn.end(
                    lost,
                    new TurnError(
                        ErrorCode.AGENT_CRASHED.name(),
                        "The agent ended in the middle of the turn. "
                            + ErrorCode.AGENT_CRASHED.advice(),
                        true)));
    currentTurn.place(event);
    if (status.state() == READY) {
      status.become(INACTIVE, event.reason());
    }
  }
}

package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.ACTIVATING;
import static dev.concert.protocol.SessionState.ERROR;
import static dev.concert.protocol.SessionState.READY;
import static dev.concert.protocol.SessionState.RUNNING;

import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.podium.PodiumMessages.HistoryEntry;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a turn's message to an agent that is ready for it, starting one where none runs. Used on
 * the session's context only.
 */
final class Activation {
  private static final Logger LOG = LoggerFactory.getLogger(Activation.class);

  /** How much of what was said before a fresh agent is told. */
  private static final int HISTORY = 100;

  private final SessionServices services;
  private final AgentPort agent;
  private final SessionLog log;
  private final SessionStatus status;
  private final TurnStage stage;

  Activation(
      SessionServices services,
      AgentPort agent,
      SessionLog log,
      SessionStatus status,
      TurnStage stage) {
    this.services = services;
    this.agent = agent;
    this.log = log;
    this.status = status;
    this.stage = stage;
  }

  /** Hands the message over; a failure ends the turn with an error that says what to do. */
  void begin(Turn turn, ClientMessage.RunTurn message, Identity identity) {
    agent
        .start(services.times().activation())
        .compose(
            instance ->
                history(instance).compose(history -> deliver(turn, message, history, identity)))
        .onFailure(failure -> failed(turn, failure));
  }

  /** What was said before this turn, for a process that does not know it. */
  private Future<List<HistoryEntry>> history(InstanceStarted instance) {
    if (!instance.fresh()) {
      return Future.succeededFuture(List.of());
    }
    return log.settle()
        .compose(
            _ ->
                services
                    .stores()
                    .with(status.meta().id(), s -> s.messages(Optional.empty(), HISTORY + 1)))
        .map(
            messages ->
                messages.subList(0, Math.max(0, messages.size() - 1)).stream()
                    .map(message -> new HistoryEntry(message.role(), message.content()))
                    .toList());
  }

  private Future<Void> deliver(
      Turn turn, ClientMessage.RunTurn message, List<HistoryEntry> history, Identity identity) {
    if (!stage.isCurrent(turn)) {
      return Future.succeededFuture();
    }
    if (status.state() == ACTIVATING) {
      status.become(READY, null);
    }
    if (turn.stopRequested()) {
      stage.end(turn, new ServerEvent.TurnComplete("", "stopped", UsageTotals.NONE));
      return Future.succeededFuture();
    }
    status.become(RUNNING, null);
    turn.delivered();
    return agent.deliver(turn.id(), message, history, identity.role().wireName()).mapEmpty();
  }

  private void failed(Turn turn, Throwable failure) {
    if (!stage.isCurrent(turn)) {
      return;
    }
    Problem problem = Problem.of(failure);
    if (failure instanceof ConcertException) {
      LOG.warn("Session {} got no agent: {}", status.meta().id(), problem.message());
    } else {
      LOG.error("Session {} got no agent", status.meta().id(), failure);
    }
    log.together(
        () -> {
          stage.end(
              turn, new ServerEvent.TurnError(problem.code().name(), problem.forPerson(), true));
          status.become(ERROR, problem.code().name());
        });
  }
}

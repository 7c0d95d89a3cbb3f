package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.ACTIVATING;
import static dev.concert.protocol.SessionState.ERROR;
import static dev.concert.protocol.SessionState.READY;
import static dev.concert.protocol.SessionState.RUNNING;

import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.foundation.tracing.TraceContext;
import dev.concert.gateway.eventlog.MessagePage;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.podium.PodiumMessages.Attachment;
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
  private final AgentClient agent;
  private final TurnCheckpoints checkpoints;
  private final TurnAttachments attachments;
  private final SessionLog log;
  private final SessionStatus status;
  private final CurrentTurn currentTurn;

  Activation(
      SessionServices services,
      AgentClient agent,
      TurnCheckpoints checkpoints,
      TurnAttachments attachments,
      SessionLog log,
      SessionStatus status,
      CurrentTurn currentTurn) {
    this.services = services;
    this.agent = agent;
    this.checkpoints = checkpoints;
    this.attachments = attachments;
    this.log = log;
    this.status = status;
    this.currentTurn = currentTurn;
  }

  /**
   * Hands the message over; a failure ends the turn with an error that says what to do.
   *
   * @param trace of the request of the turn
   */
  void begin(Turn turn, ClientMessage.RunTurn message, Identity identity, TraceContext trace) {
    trace
        .in(() -> agent.start(services.timeouts().activation()))
        .compose(
            instance ->
                checkpoints
                    .turnBegins(turn)
                    .compose(_ -> history(instance))
                    .compose(history -> bring(turn, message, history, identity, trace)))
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
                    .databases()
                    .with(status.meta().id(), s -> s.messages(Optional.empty(), HISTORY + 1)))
        .map(MessagePage::messages)
        .map(
            messages ->
                messages.subList(0, Math.max(0, messages.size() - 1)).stream()
                    .map(message -> new HistoryEntry(message.role(), message.content()))
                    .toList());
  }

  /** First the files of the message, then the message, which names them. */
  private Future<Void> bring(
      Turn turn,
      ClientMessage.RunTurn message,
      List<HistoryEntry> history,
      Identity identity,
      TraceContext trace) {
    return attachments
        .land(turn.id(), message)
        .transform(
            landed -> {
              if (landed.succeeded()) {
                return trace.in(() -> deliver(turn, message, landed.result(), history, identity));
              }
              notLanded(turn, landed.cause());
              return Future.succeededFuture();
            });
  }

  /** The agent is well, but the message cannot be brought to it. */
  private void notLanded(Turn turn, Throwable failure) {
    if (!currentTurn.isCurrent(turn)) {
      return;
    }
    Problem problem = logged(failure);
    log.together(
        () -> {
          if (status.state() == ACTIVATING) {
            status.become(READY, null);
          }
          currentTurn.end(turn, error(problem));
        });
  }

  private Future<Void> deliver(
      Turn turn,
      ClientMessage.RunTurn message,
      List<Attachment> landed,
      List<HistoryEntry> history,
      Identity identity) {
    if (!currentTurn.isCurrent(turn)) {
      return Future.succeededFuture();
    }
    if (status.state() == ACTIVATING) {
      status.become(READY, null);
    }
    if (turn.stopRequested()) {
      currentTurn.end(turn, new ServerEvent.TurnComplete("", "stopped", UsageTotals.NONE));
      return Future.succeededFuture();
    }
    status.become(RUNNING, null);
    turn.delivered();
    return agent
        .deliver(turn.id(), message.text(), landed, history, identity.role().wireName())
        .mapEmpty();
  }

  private void failed(Turn turn, Throwable failure) {
    if (turn.isDelivered()) {
      agent.stopWork(turn.id());
    }
    if (!currentTurn.isCurrent(turn)) {
      return;
    }
    Problem problem = logged(failure);
    log.together(
        () -> {
          currentTurn.end(turn, error(problem));
          status.become(ERROR, problem.code().name());
        });
  }

  private Problem logged(Throwable failure) {
    Problem problem = Problem.of(failure);
    String session = status.meta().id();
    FailureLog.write(
        (problem.code() == ErrorCode.INTERNAL ? LOG.atError() : LOG.atWarn())
            .addKeyValue("sessionId", session),
        "A message of session %s reached no agent".formatted(session),
        failure);
    return problem;
  }

  /** The end of a turn that cannot go on. */
  static ServerEvent error(Problem problem) {
    return new ServerEvent.TurnError(
        problem.code().name(),
        problem.forPerson(),
        true,
        problem.details().isEmpty() ? null : problem.details());
  }
}

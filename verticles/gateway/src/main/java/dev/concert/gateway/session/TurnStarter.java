package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.DEACTIVATING;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.tracing.TraceContext;
import dev.concert.gateway.billing.HeldCredit;
import dev.concert.gateway.billing.TurnEstimate;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/**
 * Starts the turns of a session: one at a time, and each that its client named once. Used on the
 * session's context only.
 */
final class TurnStarter {
  private final SessionServices services;
  private final SessionLog log;
  private final SessionStatus status;
  private final CurrentTurn currentTurn;
  private final TurnAttachments attachments;
  private final Activation activation;
  private final Runnable listen;
  private Future<?> lookingUp = Future.succeededFuture();
  private boolean deleted;

  /** Requests of turns that are neither started nor refused. */
  private int starting;

  /** A turn waits for its credit; the session's state does not show it. */
  private boolean reserving;

  /**
   * @param listen makes sure that the events of the agent are received
   */
  TurnStarter(
      SessionServices services,
      SessionLog log,
      SessionStatus status,
      CurrentTurn currentTurn,
      TurnAttachments attachments,
      Activation activation,
      Runnable listen) {
    this.services = services;
    this.log = log;
    this.status = status;
    this.currentTurn = currentTurn;
    this.attachments = attachments;
    this.activation = activation;
    this.listen = listen;
  }

  /** The session is deleted: no turn starts any more. */
  void sessionDeleted() {
    deleted = true;
  }

  /**
   * Starts a turn, unless the client named one that was started before: that one is answered again.
   *
   * @return the event that started the turn, once it is written
   */
  Future<SessionEvent> run(Identity who, ClientMessage.RunTurn message) {
    starting++;
    return started(new Wanted(who, message, TraceContext.current())).onComplete(_ -> starting--);
  }

  /** A turn that somebody wants, and the trace of the request. */
  private record Wanted(Identity who, ClientMessage.RunTurn message, TraceContext trace) {}

  /** Whether there is no turn, and none waits for what it needs to start. */
  boolean isAtRest() {
    return starting == 0 && currentTurn.refusal().isEmpty();
  }

  private Future<SessionEvent> started(Wanted wanted) {
    String name = wanted.message().clientTurnId();
    if (name == null) {
      return startChecked(wanted);
    }
    // One after the other: of two requests the one that came first starts the turn.
    Promise<SessionEvent> started = Promise.promise();
    lookingUp =
        lookingUp.transform(
            _ ->
                turnNamed(name)
                    .compose(stored -> startTurnOnce(wanted, stored))
                    .onComplete(started));
    return started.future();
  }

  private Future<Optional<SessionEvent>> turnNamed(String clientTurnId) {
    return log.settle()
        .compose(
            _ ->
                services
                    .databases()
                    .with(status.meta().id(), store -> store.turnNamed(clientTurnId)));
  }

  private Future<SessionEvent> startTurnOnce(Wanted wanted, Optional<SessionEvent> stored) {
    String name = wanted.message().clientTurnId();
    return stored
        .or(() -> currentTurn.current().flatMap(turn -> turn.startedAs(name)))
        .map(currentTurn::written)
        .orElseGet(() -> startChecked(wanted));
  }

  /** A turn that was started before is answered although its attachments have gone since. */
  private Future<SessionEvent> startChecked(Wanted wanted) {
    return attachments.check(wanted.message()).compose(_ -> startTurn(wanted));
  }

  private Future<SessionEvent> startTurn(Wanted wanted) {
    Optional<ConcertException> refusal = refusal();
    if (refusal.isPresent()) {
      return Future.failedFuture(refusal.get());
    }
    String turnId = Turn.newId();
    TurnEstimate estimate = estimate(turnId, wanted.message());
    Optional<HeldCredit> free = services.credit().unbilled(estimate);
    if (free.isPresent()) {
      return begin(wanted, turnId, free);
    }
    reserving = true;
    currentTurn.touch();
    return services
        .credit()
        .hold(estimate)
        .onComplete(_ -> reserving = false)
        .compose(
            credit -> {
              // Much may have happened while it waited.
              Optional<ConcertException> late = refusal();
              if (late.isPresent()) {
                credit.turnEnded();
                return Future.failedFuture(late.get());
              }
              return begin(wanted, turnId, Optional.of(credit));
            });
  }

  private TurnEstimate estimate(String turnId, ClientMessage.RunTurn message) {
    SessionMeta session = status.meta();
    return new TurnEstimate(
        session.tenantId(),
        session.id(),
        AgentClient.instanceId(session.id()),
        turnId,
        Optional.ofNullable(session.model()),
        currentTurn.context(),
        message.text().length());
  }

  /** Why no turn can start now, if so. */
  private Optional<ConcertException> refusal() {
    if (deleted) {
      return refused(ErrorCode.SESSION_NOT_FOUND, "This session was deleted.");
    }
    Optional<ConcertException> refusal = services.serving().refusal();
    if (refusal.isPresent()) {
      return refusal;
    }
    if (status.meta().archived()) {
      return refused(ErrorCode.SESSION_ARCHIVED, "This session is archived.");
    }
    if (reserving) {
      return refused(ErrorCode.TURN_IN_PROGRESS, "A turn of this session is still running.");
    }
    Optional<ConcertException> busy = currentTurn.refusal();
    if (busy.isPresent()) {
      return busy;
    }
    if (status.state() == DEACTIVATING) {
      return refused(ErrorCode.SESSION_INACTIVE, "This session is being deactivated.");
    }
    return Optional.empty();
  }

  private Future<SessionEvent> begin(Wanted wanted, String turnId, Optional<HeldCredit> credit) {
    listen.run();
    Turn turn = currentTurn.begin(wanted.who(), wanted.message(), turnId, credit);
    Future<SessionEvent> started = currentTurn.written(turn.start());
    activation.begin(turn, wanted.message(), wanted.who(), wanted.trace());
    return started;
  }

  private static Optional<ConcertException> refused(ErrorCode code, String message) {
    return Optional.of(new ConcertException(code, message));
  }
}

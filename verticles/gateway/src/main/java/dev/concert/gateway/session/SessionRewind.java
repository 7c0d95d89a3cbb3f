package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.DEACTIVATING;
import static dev.concert.protocol.SessionState.ERROR;
import static dev.concert.protocol.SessionState.INACTIVE;
import static dev.concert.protocol.SessionState.READY;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.eventlog.MessagePoint;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.gateway.registry.RewindIntent;
import dev.concert.gateway.registry.RewindIntents;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent.SessionRewound;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a session back to before a message: ends its agent, brings the files back, and says so in
 * the log, to which it only appends. An intent in the registry comes first and goes last, and every
 * step between them can be done twice: wherever the process ends, the session is as before, or the
 * next start finishes. Used on the session's context only.
 */
public final class SessionRewind {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRewind.class);
  private static final Duration RESTORE = Duration.ofMinutes(9);
  private static final long RETRY_MS = 2_000;
  private static final String REASON = "rewind";

  /** After these the files may be old or new: it is tried again until it is known. */
  private static final Set<ErrorCode> UNDECIDED =
      EnumSet.of(ErrorCode.PODIUM_UNAVAILABLE, ErrorCode.TIMEOUT, ErrorCode.CONTENT_UNAVAILABLE);

  private final SessionServices services;
  private final SessionLog log;
  private final SessionStatus status;
  private final CurrentTurn currentTurn;
  private final AgentClient agent;
  private final TurnCheckpoints checkpoints;
  private Optional<RewindIntent> unfinished = Optional.empty();
  private Optional<RewindIntent> givenUp = Optional.empty();
  private long retryAt;
  private boolean deleted;

  SessionRewind(
      SessionServices services,
      SessionLog log,
      SessionStatus status,
      CurrentTurn currentTurn,
      AgentClient agent,
      TurnCheckpoints checkpoints) {
    this.services = services;
    this.log = log;
    this.status = status;
    this.currentTurn = currentTurn;
    this.agent = agent;
    this.checkpoints = checkpoints;
  }

  /**
   * Takes the session back to before a message of its conversation.
   *
   * @return the event that says so, once it is written
   */
  public Future<SessionEvent> run(Identity who, String messageId) {
    Optional<ConcertException> refusal = refusal();
    if (refusal.isPresent()) {
      return Future.failedFuture(refusal.get());
    }
    hold();
    return noted()
        .compose(
            _ ->
                services
                    .databases()
                    .with(log.sessionId(), store -> store.point(Optional.of(messageId))))
        .compose(point -> checkpoints.present().compose(now -> intent(who, point, now)))
        .compose(intent -> intents().add(intent).map(intent))
        .onFailure(_ -> currentTurn.release())
        .compose(this::carryOut);
  }

  private Optional<ConcertException> refusal() {
    if (deleted) {
      return Optional.of(deletedSession());
    }
    if (status.meta().archived()) {
      return Optional.of(
          new ConcertException(ErrorCode.SESSION_ARCHIVED, "This session is archived."));
    }
    return currentTurn.refusal();
  }

  private void hold() {
    currentTurn.hold("This session is going back to an earlier message.");
  }

  private RewindIntents intents() {
    return services.registries().rewinds();
  }

  private Future<RewindIntent> intent(Identity who, MessagePoint point, long now) {
    if (point.filesBefore() == MessagePoint.UNKNOWN) {
      return Future.failedFuture(unknownFiles(point));
    }
    SessionMeta meta = status.meta();
    return Future.succeededFuture(
        new RewindIntent(
            meta.tenantId(),
            meta.id(),
            "rewind_" + UUID.randomUUID(),
            point.messageId(),
            point.seq(),
            point.filesBefore() == MessagePoint.NOW ? now : point.filesBefore(),
            now,
            who.userId()));
  }

  static ConcertException unknownFiles(MessagePoint point) {
    return new ConcertException(
        ErrorCode.ITERATION_NOT_FOUND,
        "It is not known which files belong to message %s.".formatted(point.messageId()));
  }

  /** Completes when each event is in the database, and with it the files of each turn. */
  Future<Void> noted() {
    return log.settle().compose(_ -> checkpoints.noted());
  }

  private Future<SessionEvent> carryOut(RewindIntent intent) {
    unfinished = Optional.of(intent);
    retryAt = Long.MAX_VALUE;
    if (status.state() == READY || status.state() == ERROR) {
      status.become(DEACTIVATING, REASON);
    }
    return agent
        .reset(REASON)
        .compose(_ -> restore(intent))
        // Who is told of the failure may send the next message at once.
        .recover(failure -> failed(intent, failure).transform(_ -> Future.failedFuture(failure)))
        // From here on the files are back, and the log has to follow.
        .compose(restored -> conclude(intent, restored).onFailure(this::again));
  }

  private Future<WorkspaceRestored> restore(RewindIntent intent) {
    if (intent.filesAt() == 0 && intent.filesBefore() == 0) {
      // Nothing was ever written.
      return Future.succeededFuture(new WorkspaceRestored(0, 0, 0, 0, 0));
    }
    return services
        .bus()
        .request(
            Addresses.RESTORE_WORKSPACE,
            new RestoreWorkspace(
                AgentClient.instanceId(log.sessionId()), "#" + intent.filesAt(), true),
            RESTORE);
  }

  private Future<SessionEvent> conclude(RewindIntent intent, WorkspaceRestored restored) {
    if (deleted) {
      return Future.failedFuture(deletedSession());
    }
    SessionRewound event =
        new SessionRewound(
            intent.rewindId(),
            intent.messageId(),
            intent.fromSeq(),
            intent.filesAt(),
            intent.filesBefore(),
            restored.written(),
            restored.deleted(),
            intent.userId());
    SessionEvent placed = log.append(null, event);
    if (status.state() == DEACTIVATING) {
      status.become(INACTIVE, REASON);
    }
    return log.written(placed).onSuccess(_ -> finished(intent));
  }

  /** The log says it: what is left of the intent does no harm. */
  private void finished(RewindIntent intent) {
    unfinished = Optional.empty();
    currentTurn.touch();
    currentTurn.release();
    status.save();
    // Not before the event is where the next start looks for it.
    log.settle()
        .compose(
            _ ->
                new AuditLog(services.registries())
                    .record(
                        intent.tenantId(),
                        intent.userId(),
                        "session.rewound",
                        intent.sessionId(),
                        Map.of("message", intent.messageId())))
        .compose(_ -> intents().remove(intent))
        .onFailure(
            failure ->
                LOG.warn("A rewind of session {} stays noted: {}", log.sessionId(), failure));
  }

  private void again(Throwable failure) {
    LOG.warn("Session {} is not back yet: {}", log.sessionId(), FailureLog.reason(failure));
    retryAt = SteadyClock.millis() + RETRY_MS;
  }

  /** Completes when the session is free again, or has to wait. */
  private Future<Void> failed(RewindIntent intent, Throwable failure) {
    if (deleted) {
      return Future.succeededFuture();
    }
    if (UNDECIDED.contains(Problem.of(failure).code())) {
      again(failure);
      return Future.succeededFuture();
    }
    unfinished = Optional.empty();
    if (status.state() == DEACTIVATING) {
      status.become(INACTIVE, REASON);
    }
    return giveUp(intent);
  }

  /** No turn begins before the intent is gone: the next start would take that turn back. */
  private Future<Void> giveUp(RewindIntent intent) {
    return intents()
        .remove(intent)
        .onSuccess(
            _ -> {
              givenUp = Optional.empty();
              currentTurn.release();
            })
        .onFailure(
            failure -> {
              LOG.warn("A rewind of session {} stays noted: {}", log.sessionId(), failure);
              givenUp = Optional.of(intent);
              retryAt = SteadyClock.millis() + RETRY_MS;
            })
        .otherwiseEmpty();
  }

  /** Goes on with what an earlier process left. Completes when that is done, or was tried. */
  Future<Void> resume(RewindIntent left) {
    hold();
    return services
        .databases()
        .with(log.sessionId(), store -> store.wasRewound(left.rewindId()))
        .compose(
            done -> {
              if (done) {
                finished(left);
                return Future.succeededFuture();
              }
              return carryOut(left).mapEmpty();
            });
  }

  /** Tries again what had to wait for a service. */
  void retry(long now) {
    if (now >= retryAt) {
      retryAt = Long.MAX_VALUE;
      unfinished.ifPresent(this::carryOut);
      givenUp.ifPresent(this::giveUp);
    }
  }

  void sessionDeleted() {
    deleted = true;
    unfinished = Optional.empty();
    givenUp = Optional.empty();
  }

  private static ConcertException deletedSession() {
    return new ConcertException(ErrorCode.SESSION_NOT_FOUND, "This session was deleted.");
  }
}

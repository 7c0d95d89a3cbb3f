package dev.concert.gateway.session;

import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.ServerEvent.StateChanged;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import io.vertx.core.Future;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which state a session is in, and what the registry knows of it. Changed on the session's context
 * only.
 */
final class SessionStatus {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStatus.class);

  private final Registries registries;
  private final SessionLog log;
  private volatile SessionMeta meta;
  private SessionState state = SessionState.INACTIVE;
  private Future<Void> saves = Future.succeededFuture();
  private boolean retired;

  SessionStatus(Registries registries, SessionLog log, SessionMeta meta) {
    this.registries = registries;
    this.log = log;
    this.meta = meta;
  }

  SessionState state() {
    return state;
  }

  /** Any thread. */
  SessionMeta meta() {
    return meta;
  }

  /**
   * Goes to the next state and tells everybody; a move that the protocol does not know is refused.
   */
  void become(SessionState next, String reason) {
    if (!state.mayBecome(next)) {
      LOG.error("Session {} may not go from {} to {}", meta.id(), state, next);
      return;
    }
    SessionState before = state;
    state = next;
    log.append(null, new StateChanged(next, before, reason));
    note(next);
    if ((next == SessionState.INACTIVE) != (before == SessionState.INACTIVE)) {
      save();
    }
  }

  /** Sets right what an earlier process left, if it left anything awake. */
  void reset(String reason, SessionState lastTold) {
    if (lastTold != SessionState.INACTIVE) {
      log.append(null, new StateChanged(SessionState.INACTIVE, lastTold, reason));
    }
    note(SessionState.INACTIVE);
    save();
  }

  /** Falls back to inactive without an event, when events cannot be stored. */
  void forget() {
    state = SessionState.INACTIVE;
    note(SessionState.INACTIVE);
  }

  /**
   * Changes what a list shows of the session.
   *
   * @return once it is in the registry; fails, with everything as before, where that cannot be
   */
  Future<SessionMeta> change(UnaryOperator<SessionMeta> change) {
    SessionMeta before = meta;
    meta = change.apply(before);
    return registries
        .update(meta)
        .map(_ -> meta)
        .onFailure(
            _ ->
                meta =
                    meta.withName(before.name(), before.updatedAt())
                        .withArchived(before.archived(), before.updatedAt())
                        .withVisibility(before.visibility(), before.updatedAt()));
  }

  private void note(SessionState now) {
    meta = meta.withState(now, log.lastSeq(), System.currentTimeMillis());
  }

  /** Brings the registry up to date, once what was appended is written. */
  void save() {
    if (retired) {
      return;
    }
    Future<Void> save =
        log.written()
            .compose(
                _ -> {
                  note(state);
                  return registries.update(meta);
                })
            .onFailure(failure -> LOG.error("The registry was not updated", failure))
            .otherwiseEmpty();
    saves = Future.join(saves, save).mapEmpty();
  }

  /** Completes when the registry is up to date. */
  Future<Void> saved() {
    return saves;
  }

  /** Saves nothing more: the server stops, and its next start sets the session right. */
  void retire() {
    retired = true;
  }
}

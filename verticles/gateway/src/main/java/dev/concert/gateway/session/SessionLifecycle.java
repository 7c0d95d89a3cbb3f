package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.DEACTIVATING;
import static dev.concert.protocol.SessionState.ERROR;
import static dev.concert.protocol.SessionState.INACTIVE;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionVisibility;
import io.vertx.core.Future;

/** Renames and archives a session, and puts its agent to rest. Used on the session's context. */
public final class SessionLifecycle {
  private final SessionStatus status;
  private final CurrentTurn currentTurn;
  private final AgentClient agent;

  SessionLifecycle(SessionStatus status, CurrentTurn currentTurn, AgentClient agent) {
    this.status = status;
    this.currentTurn = currentTurn;
    this.agent = agent;
  }

  /** What a list shows of the session, once its new name is stored. */
  public Future<SessionMeta> rename(String name) {
    return status.change(meta -> meta.withName(name, System.currentTimeMillis()));
  }

  /** What a list shows of the session, once it is stored to whom it is shown. */
  public Future<SessionMeta> show(SessionVisibility visibility) {
    return status.change(meta -> meta.withVisibility(visibility, System.currentTimeMillis()));
  }

  /**
   * From now on no turn begins; one that runs is ended, and the agent and its mount go. Archiving
   * twice does no harm.
   */
  public Future<SessionMeta> archive() {
    return status
        .change(meta -> meta.withArchived(true, System.currentTimeMillis()))
        .compose(_ -> end("archived"))
        .map(_ -> status.meta());
  }

  public Future<SessionMeta> unarchive() {
    return status.change(meta -> meta.withArchived(false, System.currentTimeMillis()));
  }

  /**
   * Ends the turn that runs, and then the agent. Completes when the end of the turn was shown, and
   * the agent is gone or cannot be reached.
   */
  private Future<Void> end(String reason) {
    return endTurn().compose(_ -> endAgent(reason));
  }

  private Future<Void> endTurn() {
    return currentTurn
        .current()
        .map(
            turn -> {
              Future<Void> ended = turn.requestStop().<Void>mapEmpty().otherwiseEmpty();
              currentTurn.end(turn, new ServerEvent.TurnComplete("", "stopped", turn.usage()));
              return ended;
            })
        .orElseGet(Future::succeededFuture);
  }

  private Future<Void> endAgent(String reason) {
    return switch (status.state()) {
      case INACTIVE, DEACTIVATING -> Future.succeededFuture();
      case ACTIVATING -> {
        status.become(INACTIVE, reason);
        yield agent.stop(reason).<Void>mapEmpty().otherwiseEmpty();
      }
      case READY, RUNNING, WAITING, ERROR -> rest(reason);
    };
  }

  /** Stops the agent of a session without a turn. */
  Future<Void> rest(String reason) {
    status.become(DEACTIVATING, reason);
    return agent
        .stop(reason)
        .onComplete(
            done -> {
              if (status.state() == DEACTIVATING) {
                status.become(done.succeeded() ? INACTIVE : ERROR, reason);
              }
            })
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }
}

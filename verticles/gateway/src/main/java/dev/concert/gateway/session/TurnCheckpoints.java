package dev.concert.gateway.session;

import dev.concert.bus.Addresses;
import dev.concert.error.FailureLog;
import dev.concert.gateway.eventlog.MessagePoint;
import dev.concert.gateway.eventlog.SessionDatabase;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes with which moment of the workspace each turn begins and ends, so that a session can go back
 * there. What people write between two turns comes after the end of one and before the beginning of
 * the next. A moment that cannot be noted keeps no turn from going on. Used on the session's
 * context only.
 */
final class TurnCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(TurnCheckpoints.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final SessionServices services;
  private final SessionLog log;
  private final String workspaceId;

  /** One after the other: the end of a turn is noted before the next one changes a file. */
  private Future<Void> noted = Future.succeededFuture();

  TurnCheckpoints(SessionServices services, SessionLog log, String workspaceId) {
    this.services = services;
    this.log = log;
    this.workspaceId = workspaceId;
  }

  /** Sequence number of the workspace as it is now; 0 where nothing was ever written. */
  Future<Long> present() {
    return services
        .bus()
        .request(Addresses.CHANGES_SINCE, new ChangesSince(workspaceId, Long.MAX_VALUE), TIMEOUT)
        .map(FileChanges::latest);
  }

  /** Completes, and never fails, when the agent may get the message of the turn. */
  Future<Void> turnBegins(Turn turn) {
    return note(turn, (store, files) -> store.turnBegins(turn.id(), turn.start().seq(), files));
  }

  void turnEnded(Turn turn) {
    if (turn.isDelivered()) {
      note(turn, (store, files) -> store.turnEnded(turn.id(), files));
    }
  }

  /** Completes, and never fails, when everything is noted so far. */
  Future<Void> noted() {
    return noted;
  }

  private Future<Void> note(Turn turn, ObjLongConsumer<SessionDatabase> write) {
    noted =
        noted
            .compose(_ -> present())
            .recover(
                failure -> {
                  warn(turn, failure);
                  // Without a note those of another turn would be taken.
                  return Future.succeededFuture(MessagePoint.UNKNOWN);
                })
            .compose(
                files ->
                    services
                        .databases()
                        .<Void>with(
                            log.sessionId(),
                            store -> {
                              write.accept(store, files);
                              return null;
                            }))
            .recover(
                failure -> {
                  warn(turn, failure);
                  return Future.succeededFuture();
                });
    return noted;
  }

  private void warn(Turn turn, Throwable failure) {
    LOG.atWarn()
        .addKeyValue("sessionId", log.sessionId())
        .addKeyValue("turnId", turn.id())
        .log(
            "It is not known which files belong to turn {}: {}",
            turn.id(),
            FailureLog.reason(failure));
  }
}

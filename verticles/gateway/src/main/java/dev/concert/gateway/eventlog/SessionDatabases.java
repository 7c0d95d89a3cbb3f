package dev.concert.gateway.eventlog;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.deletion.DeletedIds;
import dev.concert.foundation.files.FolderRemoval;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The open session databases.
 *
 * <p>Each session belongs to one of a few threads, which alone opens, uses and closes its database;
 * so work on one session runs in the order of the calls, and at most {@code limit} databases are
 * open. The least recently used one is closed for a new one.
 */
public final class SessionDatabases {
  private static final int THREADS = 2;

  private final Path sessions;
  private final int limitPerThread;
  private final List<Lane> lanes = new ArrayList<>();

  /**
   * @param sessions folder of all sessions
   * @param limit how many databases may be open at once
   */
  public SessionDatabases(Vertx vertx, Path sessions, int limit) {
    this.sessions = sessions;
    this.limitPerThread = Math.max(1, limit / THREADS);
    for (int i = 0; i < THREADS; i++) {
      lanes.add(
          new Lane(vertx.createSharedWorkerExecutor("session-store-" + i, 1, 1, TimeUnit.MINUTES)));
    }
  }

  /** Works on a session's database; the future completes on the caller's context. */
  public <T> Future<T> with(String sessionId, Function<SessionDatabase, T> work) {
    Lane lane = lanes.get(Math.floorMod(sessionId.hashCode(), THREADS));
    return lane.executor.executeBlocking(() -> work.apply(lane.store(sessionId)), true);
  }

  /**
   * Closes a session's database and removes its folder; work that is asked for later fails with
   * {@code SESSION_NOT_FOUND}.
   */
  public Future<Void> delete(String sessionId) {
    Lane lane = lanes.get(Math.floorMod(sessionId.hashCode(), THREADS));
    return lane.executor.executeBlocking(() -> lane.delete(sessionId), true);
  }

  /** Closes every database, after the work that was asked for before. */
  public Future<Void> close() {
    return Future.all(
            lanes.stream()
                .map(
                    lane ->
                        lane.executor
                            .executeBlocking(lane::closeAll, true)
                            .eventually(() -> lane.executor.close()))
                .toList())
        .mapEmpty();
  }

  private final class Lane {
    private final WorkerExecutor executor;
    private final Map<String, SessionDatabase> open = new LinkedHashMap<>(16, 0.75f, true);

    /** A request that was on its way must not make a database anew. */
    private final DeletedIds deleted = new DeletedIds();

    private Lane(WorkerExecutor executor) {
      this.executor = executor;
    }

    private Void delete(String sessionId) throws IOException {
      deleted.add(sessionId);
      Optional.ofNullable(open.remove(sessionId)).ifPresent(SessionDatabase::close);
      FolderRemoval.remove(sessions.resolve(sessionId));
      return null;
    }

    private SessionDatabase store(String sessionId) {
      if (deleted.contains(sessionId)) {
        throw new ConcertException(
            ErrorCode.SESSION_NOT_FOUND, "There is no session " + sessionId + ".");
      }
      SessionDatabase known = open.get(sessionId);
      if (known != null) {
        return known;
      }
      if (open.size() >= limitPerThread) {
        var eldest = open.entrySet().iterator();
        eldest.next().getValue().close();
        eldest.remove();
      }
      SessionDatabase store =
          new SessionDatabase(sessionId, sessions.resolve(sessionId).resolve("session.db"));
      open.put(sessionId, store);
      return store;
    }

    private Void closeAll() {
      open.values().forEach(SessionDatabase::close);
      open.clear();
      return null;
    }
  }
}

package dev.concert.gateway.eventlog;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The open session databases.
 *
 * <p>Each session belongs to one of a few threads, which alone opens, uses and closes its database;
 * so work on one session runs in the order in which it was asked for, and at most {@code limit}
 * databases are open. The least recently used one is closed for a new one.
 */
public final class StorePool {
  private static final int THREADS = 2;

  private final Path sessions;
  private final int limitPerThread;
  private final List<Lane> lanes = new ArrayList<>();

  /**
   * @param sessions folder of all sessions
   * @param limit how many databases may be open at once
   */
  public StorePool(Vertx vertx, Path sessions, int limit) {
    this.sessions = sessions;
    this.limitPerThread = Math.max(1, limit / THREADS);
    for (int i = 0; i < THREADS; i++) {
      lanes.add(
          new Lane(vertx.createSharedWorkerExecutor("session-store-" + i, 1, 1, TimeUnit.MINUTES)));
    }
  }

  /** Works on a session's database; the future completes on the caller's context. */
  public <T> Future<T> with(String sessionId, Function<SessionStore, T> work) {
    Lane lane = lanes.get(Math.floorMod(sessionId.hashCode(), THREADS));
    return lane.executor.executeBlocking(() -> work.apply(lane.store(sessionId)), true);
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
    private final Map<String, SessionStore> open = new LinkedHashMap<>(16, 0.75f, true);

    private Lane(WorkerExecutor executor) {
      this.executor = executor;
    }

    private SessionStore store(String sessionId) {
      SessionStore known = open.get(sessionId);
      if (known != null) {
        return known;
      }
      if (open.size() >= limitPerThread) {
        var eldest = open.entrySet().iterator();
        eldest.next().getValue().close();
        eldest.remove();
      }
      SessionStore store = new SessionStore(sessions.resolve(sessionId).resolve("session.db"));
      open.put(sessionId, store);
      return store;
    }

    private Void closeAll() {
      open.values().forEach(SessionStore::close);
      open.clear();
      return null;
    }
  }
}

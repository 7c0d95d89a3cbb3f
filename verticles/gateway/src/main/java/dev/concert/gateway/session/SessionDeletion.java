package dev.concert.gateway.session;

import dev.concert.error.FailureLog;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.foundation.deletion.DeletedIds;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Removes everything that is stored of a session. The mark in the registry comes first and its row
 * goes last, and every step between them can be done twice: wherever the process ends, the session
 * is whole, or the next start finishes its deletion. Thread-safe.
 */
final class SessionDeletion {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDeletion.class);
  private static final Duration RETRY = Duration.ofSeconds(30);

  /** For how long a stop waits for deletions under way. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final SessionServices services;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Map<String, Unfinished> unfinished = new ConcurrentHashMap<>();

  private final DeletedIds gone = new DeletedIds();
  private final Set<Future<Void>> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private record Running(String tenantId, Future<Void> done) {}

  private record Unfinished(SessionMeta session, long retryAt) {}

  SessionDeletion(SessionServices services) {
    this.services = services;
  }

  /** Whether nobody may find this session any more. Any thread. */
  boolean concerns(String sessionId) {
    return gone.contains(sessionId)
        || running.containsKey(sessionId)
        || unfinished.containsKey(sessionId);
  }

  /** The deletion of this tenant's session that is under way. */
  Optional<Future<Void>> running(String tenantId, String sessionId) {
    return Optional.ofNullable(running.get(sessionId))
        .filter(one -> one.tenantId().equals(tenantId))
        .map(Running::done);
  }

  /**
   * Deletes a session, unless that is under way: then this is the same deletion.
   *
   * @param takeOut takes it out of memory, once its deletion is certain
   */
  Future<Void> run(SessionMeta session, Supplier<Future<Void>> takeOut) {
    Promise<Void> done = Promise.promise();
    Running mine = new Running(session.tenantId(), done.future());
    Running other = running.putIfAbsent(session.id(), mine);
    if (other != null) {
      return other.done();
    }
    services
        .registries()
        .markDeleted(session)
        .compose(
            _ -> {
              gone.add(session.id());
              return takeOut.get();
            })
        .compose(_ -> finish(session))
        .onComplete(_ -> running.remove(session.id()))
        .onComplete(done);
    return done.future();
  }

  /**
   * Removes a marked session. Completes when nothing is left, or when something has to wait for a
   * service that is away: then it is tried again, also after a restart.
   */
  private Future<Void> finish(SessionMeta session) {
    String id = session.id();
    Future<Void> finished =
        AgentClient.delete(services.bus(), id)
            .compose(_ -> closed ? stopping() : services.journal().erase(id))
            .compose(_ -> services.databases().delete(id))
            .compose(_ -> services.registries().remove(session))
            .onSuccess(_ -> unfinished.remove(id))
            .recover(
                failure -> {
                  LOG.atLevel(closed ? Level.DEBUG : Level.WARN)
                      .log("Session {} is not removed yet: {}", id, FailureLog.reason(failure));
                  unfinished.put(id, new Unfinished(session, later()));
                  return Future.succeededFuture();
                });
    underWay.add(finished);
    return finished.onComplete(_ -> underWay.remove(finished));
  }

  private static Future<Void> stopping() {
    return Future.failedFuture("The server is stopping.");
  }

  /**
   * The server stops: a deletion that is past its agent's end is finished, if that takes no longer
   * than a moment; the next start goes on with the others.
   */
  Future<Void> close() {
    closed = true;
    return Future.join(List.copyOf(underWay))
        .timeout(SETTLE.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .mapEmpty();
  }

  private static long later() {
    return SteadyClock.millis() + RETRY.toMillis();
  }

  /** Goes on with what an earlier process, or an earlier try, left. */
  void retry(long now) {
    for (Unfinished one : unfinished.values()) {
      if (now >= one.retryAt()) {
        unfinished.put(one.session().id(), new Unfinished(one.session(), later()));
        finish(one.session());
      }
    }
  }

  /** Finds what an earlier process left; {@link #retry} removes it. */
  Future<Void> recover() {
    return services
        .registries()
        .deleting()
        .onSuccess(left -> left.forEach(one -> unfinished.put(one.id(), new Unfinished(one, 0))))
        .mapEmpty();
  }
}

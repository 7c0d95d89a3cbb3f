package dev.concert.gateway.session;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions that are in memory. Thread-safe; a session is read from its database once, however
 * many ask for it at the same time.
 */
public final class SessionDirectory {
  private final SessionServices services;
  private final List<Context> contexts;
  private final Map<String, Future<Session>> open = new ConcurrentHashMap<>();

  /**
   * @param contexts event-loop contexts over which the sessions are spread; not empty
   */
  public SessionDirectory(SessionServices services, List<Context> contexts) {
    this.services = services;
    this.contexts = List.copyOf(contexts);
  }

  /** The session, for somebody of this tenant; another tenant's session does not exist for them. */
  public Future<Session> find(String tenantId, String sessionId) {
    Future<Session> known = open.get(sessionId);
    if (known != null) {
      return known.compose(session -> visible(session, tenantId));
    }
    return services
        .registries()
        .find(tenantId, sessionId)
        .compose(
            meta -> meta.map(this::open).orElseGet(() -> Future.failedFuture(notFound(sessionId))));
  }

  private static Future<Session> visible(Session session, String tenantId) {
    return session.meta().tenantId().equals(tenantId)
        ? Future.succeededFuture(session)
        : Future.failedFuture(notFound(session.id()));
  }

  private static ConcertException notFound(String sessionId) {
    return new ConcertException(
        ErrorCode.SESSION_NOT_FOUND, "There is no session " + sessionId + ".");
  }

  /** Brings a session into memory. */
  Future<Session> open(SessionMeta meta) {
    Promise<Session> opening = Promise.promise();
    Future<Session> known = open.putIfAbsent(meta.id(), opening.future());
    if (known != null) {
      return known;
    }
    services
        .stores()
        .with(
            meta.id(),
            store ->
                new OpenedLog(store.lastSeq(), store.usage(), store.openTurn(), store.lastState()))
        .compose(opened -> begin(meta, opened))
        .onFailure(_ -> open.remove(meta.id()))
        .onComplete(opening);
    return opening.future();
  }

  private Future<Session> begin(SessionMeta meta, OpenedLog opened) {
    Session session = new Session(services, contextOf(meta.id()), meta, opened);
    Promise<Session> begun = Promise.promise();
    session.on(
        () -> {
          session.recover(opened.openTurn(), opened.lastState());
          session.log().written().map(session).onComplete(begun);
        });
    return begun.future();
  }

  private Context contextOf(String sessionId) {
    return contexts.get(Math.floorMod(sessionId.hashCode(), contexts.size()));
  }

  /** What is known now of a session that the registry listed: one in memory knows better. */
  public SessionMeta current(SessionMeta listed) {
    return Optional.ofNullable(open.get(listed.id()))
        .filter(Future::succeeded)
        .map(future -> future.result().meta())
        .orElse(listed);
  }

  /** Called every few seconds. */
  public void tend() {
    long now = System.currentTimeMillis();
    open.values().stream()
        .filter(Future::succeeded)
        .map(Future::result)
        .forEach(session -> session.on(() -> tend(session, now)));
  }

  private void tend(Session session, long now) {
    session.tend(now);
    if (session.dispensable(now)) {
      open.remove(session.id());
      session.close();
    }
  }

  /** Sets right every session that an earlier process left awake: opening it does so. */
  public Future<Void> recover() {
    return services
        .registries()
        .active()
        .compose(sessions -> Future.all(sessions.stream().map(this::open).toList()))
        .mapEmpty();
  }

  /** Writes everything that is still in memory only to the sessions' databases. */
  public Future<Void> settle() {
    return Future.all(
            open.values().stream()
                .filter(Future::succeeded)
                .map(Future::result)
                .map(SessionDirectory::settle)
                .toList())
        .mapEmpty();
  }

  private static Future<Void> settle(Session session) {
    Promise<Void> done = Promise.promise();
    session.on(() -> session.log().settle().onComplete(_ -> done.complete()));
    return done.future();
  }

  public int size() {
    return open.size();
  }
}

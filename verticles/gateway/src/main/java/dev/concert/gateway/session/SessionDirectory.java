package dev.concert.gateway.session;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.gateway.registry.RewindIntent;
import dev.concert.gateway.registry.SessionAccess;
import dev.concert.gateway.registry.SessionShares;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.RewindMessage.ForkSession;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionMeta;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that are in memory. Thread-safe; a session is read from its database once, however
 * many ask for it at the same time.
 */
public final class SessionDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDirectory.class);

  /** For how long a start waits for a rewind that an earlier process left. */
  private static final long RESUME_SECONDS = 20;

  private final SessionServices services;
  private final List<Context> contexts;
  private final Map<String, Future<Session>> open = new ConcurrentHashMap<>();
  private final SessionDeletion deletion;
  private final SessionAccess access;
  private final SessionFork fork;
  private volatile boolean closed;

  /**
   * @param contexts event-loop contexts over which the sessions are spread, not a verticle's: what
   *     a session is about to save is saved while the gateway stops; not empty
   */
  public SessionDirectory(SessionServices services, List<Context> contexts) {
    this.services = services;
    this.contexts = List.copyOf(contexts);
    this.deletion = new SessionDeletion(services);
    this.access = new SessionAccess(new SessionShares(services.registries()));
    this.fork = new SessionFork(services, deletion);
  }

  /**
   * The session, for a caller who may do that in it. Fails as {@link SessionAccess#check} does; a
   * session that the caller must not see answers as one that does not exist, and as late.
   */
  public Future<Session> find(Identity who, String sessionId, Permission needed) {
    return inMemory(who, sessionId)
        .map(session -> access.check(who, session.meta(), needed).map(session))
        .orElseGet(() -> stored(who, sessionId, needed).compose(this::open));
  }

  /** A session in memory; one of another tenant is looked up as one that does not exist is. */
  private Optional<Session> inMemory(Identity who, String sessionId) {
    return deletion.concerns(sessionId)
        ? Optional.empty()
        : known(sessionId)
            .filter(Future::succeeded)
            .map(Future::result)
            .filter(session -> session.meta().tenantId().equals(who.tenantId()));
  }

  /**
   * A session that is in memory or comes there. It stays for a while: whoever found it must not ask
   * something of one that has left meanwhile, and may be there a second time.
   */
  private Optional<Future<Session>> known(String sessionId) {
    Future<Session> found = open.get(sessionId);
    if (found == null || !found.succeeded()) {
      return Optional.ofNullable(found);
    }
    found.result().found();
    return open.get(sessionId) == found ? Optional.of(found) : known(sessionId);
  }

  /** What the registry knows of a session, for a caller who may do that in it. */
  private Future<SessionMeta> stored(Identity who, String sessionId, Permission needed) {
    return services
        .registries()
        .find(who.tenantId(), sessionId)
        .compose(
            meta ->
                meta.map(one -> access.check(who, one, needed).map(one))
                    .orElseGet(() -> Future.failedFuture(SessionAccess.notFound(sessionId))));
  }

  /**
   * Deletes a session with its agent, workspace and history. Completes when the deletion is certain
   * and as much of it done as can be done now. Two at once are both answered.
   */
  public Future<Void> delete(Identity who, String sessionId) {
    return deletion
        .running(who.tenantId(), sessionId)
        .orElseGet(
            () ->
                // Not opened: a session whose database is damaged can be deleted, too.
                stored(who, sessionId, Permission.THREADS_DELETE)
                    .compose(one -> deletion.run(one, () -> takeOut(sessionId))));
  }

  /** The same for a session whose tenant is being deleted, whoever sees it. */
  public Future<Void> delete(SessionMeta session) {
    return deletion
        .running(session.tenantId(), session.id())
        .orElseGet(() -> deletion.run(session, () -> takeOut(session.id())));
  }

  /**
   * Who sees this session now: for notifications. Nobody does where it is not there.
   *
   * @param who asks, and sees it
   */
  public Future<Predicate<Identity>> audience(Identity who, String sessionId) {
    return services
        .registries()
        .find(who.tenantId(), sessionId)
        .compose(
            meta -> meta.map(access::audience).orElseGet(() -> Future.succeededFuture(_ -> false)));
  }

  /**
   * What a list shows of a session has changed by itself: everybody who sees it is notified.
   *
   * @param send sends an event to those who see it
   */
  public void notifyUpdated(
      SessionMeta session, BiConsumer<Predicate<Identity>, ServerEvent> send) {
    access
        .audience(session)
        .onSuccess(audience -> send.accept(audience, new ServerEvent.SessionUpdated(session)));
  }

  /** Takes a session out of memory for good. */
  private Future<Void> takeOut(String sessionId) {
    return Optional.ofNullable(open.remove(sessionId))
        .map(
            known ->
                known
                    .compose(
                        session -> {
                          Promise<Void> gone = Promise.promise();
                          session.on(() -> session.delete().onComplete(gone));
                          return gone.future();
                        })
                    .otherwiseEmpty())
        .orElse(Future.succeededFuture());
  }

  /** The session that somebody reads by a link, whoever that is. */
  public Future<Session> shared(String tenantId, String sessionId) {
    return services
        .registries()
        .find(tenantId, sessionId)
        .compose(
            meta ->
                meta.map(this::open)
                    .orElseGet(() -> Future.failedFuture(SessionAccess.notFound(sessionId))));
  }

  /** Makes a new session of an earlier point of this one. Any thread. */
  public Future<SessionMeta> fork(Session source, Identity who, ForkSession message) {
    Promise<Void> noted = Promise.promise();
    source.on(() -> source.rewind().noted().onComplete(noted));
    return noted.future().compose(_ -> fork.run(source.meta(), who, message));
  }

  /** Brings a session into memory. */
  Future<Session> open(SessionMeta meta) {
    if (deletion.concerns(meta.id())) {
      return Future.failedFuture(SessionAccess.notFound(meta.id()));
    }
    if (closed) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.SERVER_DRAINING, "The server is stopping."));
    }
    Promise<Session> opening = Promise.promise();
    if (open.putIfAbsent(meta.id(), opening.future()) != null) {
      return known(meta.id()).orElseGet(() -> open(meta));
    }
    services
        .databases()
        .with(
            meta.id(),
            store ->
                new StoredSession(
                    store.lastSeq(), store.usage(), store.openTurn(), store.lastState()))
        .compose(opened -> begin(meta, opened))
        .onFailure(_ -> open.remove(meta.id()))
        .onComplete(opening);
    return opening.future();
  }

  private Future<Session> begin(SessionMeta meta, StoredSession opened) {
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
    if (closed) {
      return;
    }
    long now = SteadyClock.millis();
    deletion.retry(now);
    open.values().stream()
        .filter(Future::succeeded)
        .map(Future::result)
        .forEach(session -> session.on(() -> tend(session, now)));
  }

  private void tend(Session session, long now) {
    session.tend(now);
    if (session.dispensable(now)) {
      Future<Session> leaving = open.remove(session.id());
      // Found in this moment: then it stays.
      if (session.dispensable(now) || open.putIfAbsent(session.id(), leaving) != null) {
        session.close();
      }
    }
  }

  /** Sets right every session that an earlier process left awake: opening it does so. */
  public Future<Void> recover() {
    return services
        .registries()
        .active()
        .compose(sessions -> Future.all(sessions.stream().map(this::open).toList()))
        .compose(_ -> deletion.recover())
        .compose(_ -> services.registries().rewinds().all())
        .compose(left -> Future.join(left.stream().map(this::resume).toList()).otherwiseEmpty())
        .mapEmpty();
  }

  /** A rewind that waits for a service goes on when that is back, and nothing waits for it. */
  private Future<?> resume(RewindIntent left) {
    return services
        .registries()
        .find(left.tenantId(), left.sessionId())
        .compose(
            meta ->
                meta.map(this::open)
                    .orElseGet(() -> Future.failedFuture(SessionAccess.notFound(left.sessionId()))))
        .compose(
            session -> {
              Promise<Void> tried = Promise.promise();
              session.on(() -> session.rewind().resume(left).onComplete(tried));
              return tried.future();
            })
        .timeout(RESUME_SECONDS, TimeUnit.SECONDS)
        .onFailure(
            failure ->
                LOG.warn(
                    "Session {} is not back yet: {}",
                    left.sessionId(),
                    FailureLog.reason(failure)));
  }

  /** Stores everything that is still in memory only. */
  public Future<Void> settle() {
    return each(session -> session.settle());
  }

  /**
   * The same when the server stops: nothing begins any more. Deletions that wait for a service are
   * left to the next start.
   */
  public Future<Void> close() {
    closed = true;
    return each(session -> {
          session.close();
          return session.settle();
        })
        .compose(_ -> deletion.close())
        .eventually(() -> services.inboxes().close());
  }

  private Future<Void> each(Function<Session, Future<Void>> work) {
    return Future.join(
            open.values().stream()
                .map(opening -> opening.compose(session -> session.call(() -> work.apply(session))))
                .toList())
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  /** How many sessions have a turn. Any thread. */
  public long runningTurns() {
    return open.values().stream()
        .filter(Future::succeeded)
        .filter(session -> session.result().hasTurn())
        .count();
  }

  /** Shows {@link #size} among the metrics. */
  public void meter(MeterRegistry metrics) {
    Gauge.builder("concert.gateway.sessions", this, SessionDirectory::size)
        .description("Sessions in memory")
        .register(metrics);
  }

  public int size() {
    return open.size();
  }
}

package dev.concert.gateway.link;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The links of all sessions. All that have not expired are in memory, by the hash of their token: a
 * token that was guessed costs no look into a database, and a revocation holds at once.
 * Thread-safe.
 */
public final class SharedLinks {
  private static final int MOST_OF_SESSION = 100;
  private static final long SWEEP_MS = 60_000;

  private final LinkTable table;
  private final Map<String, SharedLink> byHash = new ConcurrentHashMap<>();
  private final Map<String, Set<SharedView>> views = new ConcurrentHashMap<>();

  public SharedLinks(Vertx vertx, Registries registries) {
    this.table = new LinkTable(registries);
    vertx.setPeriodic(SWEEP_MS, _ -> sweep(System.currentTimeMillis()));
  }

  /** Reads what earlier processes stored. Before this no link works. */
  public Future<Void> load() {
    return table
        .live(System.currentTimeMillis())
        .onSuccess(all -> all.forEach(link -> byHash.put(link.tokenHash(), link)))
        .mapEmpty();
  }

  /** A new link, and the token that it is known by. */
  record Created(SharedLink link, String token) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Created[" + link.id() + "]";
    }
  }

  Future<Created> create(Identity who, Session session, Duration lifetime) {
    if (of(session).size() >= MOST_OF_SESSION) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.TOO_MANY_SHARES,
              "The session has %d shares already.".formatted(MOST_OF_SESSION)));
    }
    String token = SharedLink.newToken();
    long now = System.currentTimeMillis();
    SharedLink link =
        new SharedLink(
            session.meta().tenantId(),
            session.id(),
            SharedLink.newId(),
            SharedLink.hash(token),
            who.userId(),
            now,
            now + lifetime.toMillis());
    return table
        .add(link)
        .map(
            _ -> {
              byHash.put(link.tokenHash(), link);
              return new Created(link, token);
            });
  }

  /** Those of a session that work, oldest first. */
  List<SharedLink> of(Session session) {
    long now = System.currentTimeMillis();
    return byHash.values().stream()
        .filter(link -> link.sessionId().equals(session.id()))
        .filter(link -> link.tenantId().equals(session.meta().tenantId()))
        .filter(link -> !link.hasExpired(now))
        .sorted(Comparator.comparingLong(SharedLink::createdAt).thenComparing(SharedLink::id))
        .toList();
  }

  /** Ends a link and every open view of it. It is certain when the future completes. */
  Future<Void> revoke(Session session, String linkId) {
    Optional<SharedLink> link =
        of(session).stream().filter(one -> one.id().equals(linkId)).findFirst();
    if (link.isEmpty()) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.SHARE_NOT_FOUND, "The session has no share " + linkId + "."));
    }
    return table.remove(link.get()).onSuccess(_ -> end(link.get()));
  }

  private void end(SharedLink link) {
    byHash.remove(link.tokenHash());
    Optional.ofNullable(views.remove(link.id()))
        .ifPresent(open -> open.forEach(SharedView::linkEnded));
  }

  /** The link that has this token and works. */
  Optional<SharedLink> find(String token) {
    return Optional.ofNullable(byHash.get(SharedLink.hash(token)))
        .filter(link -> !link.hasExpired(System.currentTimeMillis()));
  }

  /** From now on the view ends with its link, at once where that is over already. */
  void open(SharedLink link, SharedView view) {
    views.computeIfAbsent(link.id(), _ -> ConcurrentHashMap.newKeySet()).add(view);
    if (!byHash.containsKey(link.tokenHash())) {
      end(link);
    }
  }

  void close(SharedLink link, SharedView view) {
    views.computeIfPresent(
        link.id(),
        (_, open) -> {
          open.remove(view);
          return open.isEmpty() ? null : open;
        });
  }

  /** How many views of a link are open. */
  int views(SharedLink link) {
    return Optional.ofNullable(views.get(link.id())).map(Set::size).orElse(0);
  }

  private void sweep(long now) {
    byHash.values().stream().filter(link -> link.hasExpired(now)).toList().forEach(this::end);
  }
}

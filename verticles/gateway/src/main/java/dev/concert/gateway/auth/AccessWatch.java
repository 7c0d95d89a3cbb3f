package dev.concert.gateway.auth;

import dev.concert.error.ConcertException;
import dev.concert.protocol.Identity;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Ends connections and streams whose credential was revoked, or gives less than when they were
 * opened, within a second. It asks again at intervals, so that it does not matter which process
 * changed what. A check that cannot be made at the moment changes nothing. Thread-safe.
 */
public final class AccessWatch {
  /** With half a second that a credential may be remembered, less than a second in all. */
  private static final Duration INTERVAL = Duration.ofMillis(400);

  private final Set<Opened> opened = ConcurrentHashMap.newKeySet();

  /** Tenants in which this process changes roles, and how many times at once. */
  private final Map<String, Integer> changing = new ConcurrentHashMap<>();

  /** One whose checks run on the current context of this Vert.x, until it is closed. */
  public static AccessWatch start(Vertx vertx) {
    AccessWatch watch = new AccessWatch();
    vertx.setPeriodic(INTERVAL.toMillis(), _ -> watch.opened.forEach(watch::check));
    return watch;
  }

  private AccessWatch() {}

  /** What was opened with a credential. */
  private record Opened(Authentication shown, Runnable end, AtomicBoolean checking) {}

  /**
   * Watches what was opened with this credential.
   *
   * @param end is called once, on any thread, when the credential no longer holds
   * @return stops to watch
   */
  public Runnable watch(Authentication shown, Runnable end) {
    if (shown.recheck().isEmpty()) {
      return () -> {};
    }
    Opened one = new Opened(shown, end, new AtomicBoolean());
    opened.add(one);
    return () -> opened.remove(one);
  }

  /**
   * Changes roles of a tenant's members, and tells what is open of that. Until then a look that
   * already sees a new role ends nothing; without this, it would close connections that are to go
   * on. A credential that no longer holds is not spared.
   */
  public <T> Future<T> whileRolesChange(String tenantId, Supplier<Future<T>> change) {
    changing.merge(tenantId, 1, Integer::sum);
    return Future.succeededFuture()
        .compose(_ -> change.get())
        .onComplete(
            _ ->
                changing.computeIfPresent(
                    tenantId, (_, changes) -> changes == 1 ? null : changes - 1));
  }

  private void check(Opened one) {
    if (one.checking().compareAndSet(false, true)) {
      one.shown()
          .recheck()
          .orElseThrow()
          .get()
          .onComplete(
              answer -> {
                one.checking().set(false);
                if (isLost(one, answer) && opened.remove(one)) {
                  one.end().run();
                }
              });
    }
  }

  private boolean isLost(Opened one, AsyncResult<Authentication> answer) {
    Identity who = one.shown().identity();
    return answer.succeeded()
        ? !answer.result().identity().equals(who) && !changing.containsKey(who.tenantId())
        : answer.cause() instanceof ConcertException refusal
            && switch (refusal.code()) {
              case AUTH_FAILED, UNAUTHENTICATED, FORBIDDEN -> true;
              default -> false;
            };
  }
}

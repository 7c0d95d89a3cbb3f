package dev.concert.foundation.tenant;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tenants that a service works for now. One that could not start may be opened again. On one
 * context.
 *
 * @param <T> the work for one tenant
 */
public final class OpenTenants<T extends OpenTenants.Work> {
  private final Map<String, Opened<T>> open = new HashMap<>();
  private boolean stops;

  /** What a service does for one tenant. */
  public interface Work {
    /** Goes on with what an earlier process left. */
    Future<Void> start();

    /** Begins nothing new; completes when what must not be cut has ended, in a bounded time. */
    Future<Void> stop();
  }

  private record Opened<T extends Work>(T work, Future<T> started) {
    private Future<Void> stop() {
      return Future.join(work.stop(), started).<Void>mapEmpty().otherwiseEmpty();
    }
  }

  /** The work for a tenant, once it has started; empty where it was not opened, or cannot start. */
  public Optional<Future<T>> find(String tenantId) {
    return Optional.ofNullable(open.get(tenantId))
        .map(Opened::started)
        .filter(started -> !started.failed());
  }

  /** Starts the work for a tenant. Where that fails, nothing of it goes on. */
  public Future<T> open(String tenantId, T work) {
    if (stops) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.SERVER_DRAINING, "The server is stopping."));
    }
    Future<T> started =
        work.start()
            .map(work)
            .recover(failure -> work.stop().transform(_ -> Future.<T>failedFuture(failure)));
    open.put(tenantId, new Opened<>(work, started));
    return started;
  }

  /** Stops the work for a tenant, if there is any; it is found until it has stopped. */
  public Future<Void> stop(String tenantId) {
    return Optional.ofNullable(open.get(tenantId))
        .map(one -> one.stop().onComplete(_ -> open.remove(tenantId, one)))
        .orElseGet(Future::succeededFuture);
  }

  /** Stops all of them at once; each is found until all have stopped, and none is opened then. */
  public Future<Void> stopAll() {
    stops = true;
    return Future.join(List.copyOf(open.values()).stream().map(Opened::stop).toList())
        .<Void>mapEmpty()
        .onComplete(
            _ -> {
              open.clear();
              stops = false;
            });
  }
}

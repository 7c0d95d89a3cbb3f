package dev.concert.gateway.bridge;

import dev.concert.error.Problem;
import dev.concert.gateway.eventlog.EventSubscriber;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Waits for the first event of a session. */
final class NewsSubscriber implements EventSubscriber {
  private final Promise<Void> came = Promise.promise();

  /** Completes with the first event, and when no event can come any more. */
  Future<Void> came() {
    return came.future();
  }

  /** Waits no longer. Any thread. */
  void end() {
    came.tryComplete();
  }

  @Override
  public EventProjection projection() {
    return WebSocketProtocol.VERSION_2;
  }

  @Override
  public void event(SessionEvent event, String shown) {
    end();
  }

  @Override
  public Future<Void> writable() {
    return Future.succeededFuture();
  }

  @Override
  public void failed(Problem problem) {
    end();
  }

  @Override
  public void sessionDeleted() {
    end();
  }

  @Override
  public boolean closed() {
    return came.future().isComplete();
  }
}

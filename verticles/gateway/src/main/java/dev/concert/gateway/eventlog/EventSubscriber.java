package dev.concert.gateway.eventlog;

import dev.concert.error.Problem;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;

/**
 * Receives the events of one session, in order, without a hole or a repeat. Called on the session's
 * context.
 */
public interface EventSubscriber {

  /** The protocol that the subscriber speaks; it does not change. */
  EventProjection projection();

  /**
   * Takes one event.
   *
   * @param event the subscriber has everything up to its number with it
   * @param shown the event in the subscriber's protocol
   */
  void event(SessionEvent event, String shown);

  /**
   * An event was written that the subscriber's protocol does not have.
   *
   * @return whether the subscriber told of it nevertheless, so that nothing else has to cover its
   *     number
   */
  default boolean unknown(SessionEvent event) {
    return false;
  }

  /**
   * Completes when the subscriber has taken in most of what it got: a long replay waits for it.
   * Fails when the subscriber is gone.
   */
  Future<Void> writable();

  /** No more events come, since the log failed. */
  void failed(Problem problem);

  /** No more events come, since the session is deleted. */
  default void sessionDeleted() {}

  /** Whether the subscriber is gone. */
  boolean closed();
}

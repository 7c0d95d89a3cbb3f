package dev.concert.foundation.outbox;

import io.vertx.core.Future;

/** Sends messages to a service. Non-blocking; a future that fails counts as {@code Unknown}. */
public interface OutboxSender {
  /** Completes when the service's rates allow to send this message, or to look it up. */
  Future<Void> permit(OutboxMessage message);

  /**
   * Sends a new message, or changes one that is there. Where it fails because this node is not the
   * owner any more, nothing more is sent.
   */
  Future<SendOutcome> send(OutboxMessage message);

  /** Finds out whether an uncertain new message is there. */
  Future<LookUp> lookUp(OutboxMessage message);

  /** Whether an uncertain message is there. */
  sealed interface LookUp {
    /** It is there, with some version of its content. */
    record Found(String remoteId) implements LookUp {}

    /** It is not there. */
    record Absent() implements LookUp {}

    /** The service has no way to say. */
    record Impossible() implements LookUp {}
  }
}

package dev.concert.gateway.connection;

import dev.concert.contract.ClientFrame;
import io.vertx.core.Future;

/** Answers the messages that passed every check of their connection. */
@FunctionalInterface
public interface MessageHandler {

  /**
   * Called on the connection's context. Completes, on any thread, when the reply was given to the
   * client.
   */
  Future<Void> handle(Client client, ClientFrame.Valid frame);
}

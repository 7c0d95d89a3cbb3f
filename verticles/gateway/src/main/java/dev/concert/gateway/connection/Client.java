package dev.concert.gateway.connection;

import dev.concert.error.Problem;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;

/** A connected client, as the rest of the gateway sees it. Any thread may call it. */
public interface Client {

  String id();

  Identity identity();

  /** Sends a frame. A client that does not read is cut off, never waited for. */
  void send(String json);

  /**
   * Completes when the client has taken in most of what was sent: for long replays, which wait for
   * their reader. Fails when the client is gone.
   */
  Future<Void> writable();

  void reply(String requestId, ServerEvent event);

  void refuse(String requestId, Problem problem);

  boolean closed();
}

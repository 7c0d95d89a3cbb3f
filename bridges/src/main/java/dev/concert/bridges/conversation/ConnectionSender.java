package dev.concert.bridges.conversation;

import dev.concert.bridges.connection.ConnectionStore;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** Sends each message through the platform of its connection, which is the route of the message. */
final class ConnectionSender implements OutboxSender {
  private final ConnectionStore connections;
  private final Map<String, ChatPlatform> platforms;

  ConnectionSender(ConnectionStore connections, Map<String, ChatPlatform> platforms) {
    this.connections = connections;
    this.platforms = platforms;
  }

  private Future<Optional<OutboxSender>> sender(OutboxMessage message) {
    return connections
        .find(message.route())
        .map(
            found ->
                found.map(connection -> platforms.get(connection.platform()).sender(connection)));
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return sender(message)
        .compose(found -> found.map(one -> one.permit(message)).orElseGet(Future::succeededFuture));
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    return sender(message)
        .compose(
            found ->
                found
                    .map(one -> one.send(message))
                    .orElseGet(
                        () ->
                            Future.succeededFuture(
                                new SendOutcome.Refused("The bridge was removed"))));
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return sender(message)
        .compose(
            found ->
                found
                    .map(one -> one.lookUp(message))
                    .orElseGet(() -> Future.succeededFuture(new LookUp.Absent())));
  }
}

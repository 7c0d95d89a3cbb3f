package dev.concert.bridges.conversation;

import dev.concert.bridges.platform.ChatText;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Sends each message through the platform of its connection, which is the route of the message, and
 * only as long as this node is the owner: a platform cannot fence.
 */
final class ConnectionSender implements OutboxSender {
  private static final String SENT_AGAIN = "\n\n_(sent again)_";

  private final LeaseTerm term;
  private final ChatServices services;

  ConnectionSender(LeaseTerm term, ChatServices services) {
    this.term = term;
    this.services = services;
  }

  private Future<Optional<OutboxSender>> sender(OutboxMessage message) {
    return services
        .connections()
        .find(message.route())
        .map(
            found ->
                found.map(
                    connection ->
                        services.platforms().get(connection.platform()).sender(connection)));
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
            found -> {
              term.verifyHeld();
              return found
                  .map(one -> send(one, message))
                  .orElseGet(
                      () ->
                          Future.succeededFuture(
                              new SendOutcome.Refused("The bridge was removed")));
            });
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return sender(message)
        .compose(
            found ->
                found
                    .map(one -> lookUp(one, message))
                    .orElseGet(() -> Future.succeededFuture(new LookUp.Absent())));
  }

  private Future<SendOutcome> send(OutboxSender platform, OutboxMessage message) {
    return services
        .circuit()
        .pause(message.route())
        .map(pause -> Future.<SendOutcome>succeededFuture(new SendOutcome.Wait(pause)))
        .orElseGet(
            () ->
                platform
                    .send(marked(message))
                    .map(outcome -> services.circuit().learn(message.route(), outcome)));
  }

  /** What may be there twice says so to people. */
  private static OutboxMessage marked(OutboxMessage message) {
    if (!message.sentAgain()) {
      return message;
    }
    ChatText text = ChatText.ofJson(message.content());
    return message.withContent(text.withText(text.text() + SENT_AGAIN).toJson());
  }

  private Future<LookUp> lookUp(OutboxSender platform, OutboxMessage message) {
    return services.circuit().pause(message.route()).isPresent()
        ? Future.failedFuture("The platform refuses the credentials")
        : platform.lookUp(message);
  }
}

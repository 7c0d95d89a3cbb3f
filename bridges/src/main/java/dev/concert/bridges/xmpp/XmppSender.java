package dev.concert.bridges.xmpp;

import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Says the messages of a connection. */
final class XmppSender implements OutboxSender {
  private static final CallRate PLACE = new CallRate(5, Duration.ofSeconds(5));

  private final RateBudgets budgets;
  private final Optional<XmppUploads> server;

  /**
   * @param server empty where there is no connection now
   */
  XmppSender(RateBudgets budgets, Optional<XmppUploads> server) {
    this.budgets = budgets;
    this.server = server;
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets.permit("xmpp " + message.conversation(), PLACE);
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    String text = ChatText.ofJson(message.content()).text();
    String place = ChatConnection.conversationOf(message);
    return server
        .map(one -> one.client().say(place, text, message.remoteId()))
        .orElseGet(() -> Future.succeededFuture(new SendOutcome.Failed("not connected")));
  }

  /** An uploaded file is visible only by its link, so one without a message does no harm. */
  Future<SendOutcome> send(OutboxMessage message, OutboundFile file) {
    String place = ChatConnection.conversationOf(message);
    return server
        .map(
            one ->
                one.upload(file)
                    .compose(url -> one.client().say(place, url, file.comment()))
                    .otherwise(XmppSender::outcome))
        .orElseGet(() -> Future.succeededFuture(new SendOutcome.Failed("not connected")));
  }

  private static SendOutcome outcome(Throwable failure) {
    return failure instanceof XmppUploads.NoPlaceException
        ? new SendOutcome.Refused(failure.getMessage())
        : new SendOutcome.Failed(String.valueOf(failure.getMessage()));
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Impossible());
  }
}

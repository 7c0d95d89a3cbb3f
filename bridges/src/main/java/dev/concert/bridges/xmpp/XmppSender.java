package dev.concert.bridges.xmpp;

import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
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
  private final Optional<XmppClient> client;

  /**
   * @param client empty where there is none now
   */
  XmppSender(RateBudgets budgets, Optional<XmppClient> client) {
    this.budgets = budgets;
    this.client = client;
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets.permit("xmpp " + message.conversation(), PLACE);
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    String text = ChatText.ofJson(message.content()).text();
    String place = ChatConnection.conversationOf(message);
    return client
        .map(one -> one.say(place, text, message.remoteId()))
        .orElseGet(() -> Future.succeededFuture(new SendOutcome.Failed("not connected")));
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Impossible());
  }
}

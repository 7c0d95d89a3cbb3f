package dev.concert.bridges.irc;

import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Says the messages of a connection, line by line. */
final class IrcSender implements OutboxSender {
  private final Optional<IrcClient> client;

  /**
   * @param client empty if there is none now
   */
  IrcSender(Optional<IrcClient> client) {
    this.client = client;
  }

  /** Each line waits for its own time. */
  @Override
  public Future<Void> permit(OutboxMessage message) {
    return Future.succeededFuture();
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    List<String> lines =
        ChatText.ofJson(message.content())
            .text()
            .lines()
            .map(line -> line.replaceAll("[\u0000-\u001f]", " ").stripTrailing())
            .filter(line -> !line.isEmpty())
            .toList();
    // What was said stays: of a question that is answered only the outcome is new.
    List<String> said = message.isEdit() && !lines.isEmpty() ? List.of(lines.getLast()) : lines;
    return client
        .map(one -> one.say(ChatConnection.conversationOf(message), said))
        .orElseGet(() -> Future.succeededFuture(new SendOutcome.Failed("not connected")));
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Impossible());
  }
}

package dev.concert.bridges.teams;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/** Sends the messages of a connection to Teams. Everybody in a conversation sees each of them. */
final class TeamsSender implements OutboxSender {
  /** Of an application in a Teams tenant, which has 50 calls a second. */
  private static final CallRate TENANT = new CallRate(45, Duration.ofSeconds(1));

  /** Of a conversation: Teams allows 7 in a second, and 1800 in an hour. */
  private static final CallRate CONVERSATION = new CallRate(7, Duration.ofSeconds(14));

  /** A precondition of Teams itself failed; the same call works later. */
  private static final int TRY_AGAIN = 412;

  private final TeamsApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;

  TeamsSender(TeamsApi api, RateBudgets budgets, ChatConnection connection) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
  }

  private String tenant() {
    return "teams " + connection.account().id();
  }

  private String conversation(OutboxMessage message) {
    return tenant() + " " + ChatConnection.conversationOf(message);
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets
        .permit(tenant(), TENANT)
        .compose(_ -> budgets.permit(conversation(message), CONVERSATION));
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    String conversation = ChatConnection.conversationOf(message);
    ObjectNode activity = activity(ChatText.ofJson(message.content()));
    activity.putObject("from").put("id", connection.account().botUserId());
    activity.putObject("conversation").put("id", conversation);
    return api.activity(
            connection,
            message.isEdit() ? HttpMethod.PUT : HttpMethod.POST,
            conversation,
            message.remoteId().orElse(""),
            activity)
        .map(reply -> outcome(message, reply));
  }

  private SendOutcome outcome(OutboxMessage message, ChatReply reply) {
    return switch (reply) {
      case ChatReply.Limited limited -> {
        budgets.block(conversation(message), limited.pause());
        yield new SendOutcome.Wait(limited.pause());
      }
      case ChatReply.Refused refused when refused.status() == TRY_AGAIN ->
          new SendOutcome.Failed(refused.reason());
      case ChatReply.Refused refused when message.isEdit() && isGone(refused) ->
          new SendOutcome.Vanished();
      case ChatReply other ->
          other.outcome(body -> body.path("id").asText(message.remoteId().orElse("")));
    };
  }

  private static boolean isGone(ChatReply.Refused refused) {
    return refused
        .body()
        .path("error")
        .path("code")
        .asText("")
        .equals("ActivityNotFoundInConversation");
  }

  /** A card has the buttons only: in the text above it all of Markdown is shown. */
  static ObjectNode activity(ChatText text) {
    ObjectNode activity =
        Json.MAPPER
            .createObjectNode()
            .put("type", "message")
            .put("textFormat", "markdown")
            .put("text", text.text());
    ArrayNode attachments = activity.putArray("attachments");
    if (!text.buttons().isEmpty()) {
      attachments
          .addObject()
          .put("contentType", "application/vnd.microsoft.card.adaptive")
          .set("content", card(text));
    }
    return activity;
  }

  private static ObjectNode card(ChatText text) {
    ObjectNode card =
        Json.MAPPER
            .createObjectNode()
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.4");
    card.putArray("body");
    ArrayNode actions = card.putArray("actions");
    for (ChatText.Button button : text.buttons()) {
      ObjectNode action =
          actions.addObject().put("type", "Action.Submit").put("title", button.label());
      if (button.isPrimary()) {
        action.put("style", "positive");
      }
      action.putObject("data").put(TeamsReader.PRESSED, button.value());
    }
    return card;
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Impossible());
  }
}

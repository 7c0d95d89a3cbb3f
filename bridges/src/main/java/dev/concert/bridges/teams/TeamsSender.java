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
import java.util.Optional;

/** Sends the messages of a connection to Teams. Everybody in a conversation sees each of them. */
final class TeamsSender implements OutboxSender {
  /** Of an application in a Teams tenant, which has 50 calls a second. */
  private static final CallRate TENANT = new CallRate(45, Duration.ofSeconds(1));

  /** Of a conversation: Teams allows 7 in a second, and 1800 in an hour. */
  private static final CallRate CONVERSATION = new CallRate(7, Duration.ofSeconds(14));

  private static final CallRate TYPING = CallRate.oneIn(Duration.ofSeconds(10));

  /** A precondition of Teams itself failed; the same call works later. */
  private static final int TRY_AGAIN = 412;

  /** Of a stream that is not allowed, has ended, or said something else before. */
  private static final int NO_STREAM = 403;

  /** Where several people are; a conversation with one person has another id. */
  private static final String SHARED = "19:";

  private final TeamsApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;

  TeamsSender(TeamsApi api, RateBudgets budgets, ChatConnection connection) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
  }

  static boolean isShared(String conversation) {
    return conversation.startsWith(SHARED);
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

  /** Shows for some seconds that an answer is under way; a message has priority. */
  void type(String conversation) {
    if (budgets.tryAcquire(tenant() + " typing " + conversation, TYPING)
        && budgets.tryAcquire(tenant(), TENANT)) {
      ObjectNode activity = Json.MAPPER.createObjectNode().put("type", "typing");
      activity.putObject("from").put("id", connection.account().botUserId());
      activity.putObject("conversation").put("id", conversation);
      api.activity(connection, HttpMethod.POST, conversation, "", activity);
    }
  }

  /** A text that grows is a stream where one person reads it, else a message that is changed. */
  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    Optional<TeamsStream> stream = message.remoteId().flatMap(TeamsStream::of);
    if (stream.isPresent()) {
      return text.said() == null
          ? end(message, text, stream.get())
          : goOn(message, text, stream.get().next());
    }
    boolean mayStream =
        text.said() != null
            && !message.isEdit()
            && !isShared(ChatConnection.conversationOf(message));
    return mayStream ? begin(message, text) : whole(message, text, message.remoteId().orElse(""));
  }

  private Future<SendOutcome> whole(OutboxMessage message, ChatText text, String remoteId) {
    return call(message, activity(text), remoteId).map(reply -> outcome(message, reply, remoteId));
  }

  private Future<SendOutcome> begin(OutboxMessage message, ChatText text) {
    ObjectNode activity = part(text);
    TeamsStream.begin(activity, text.said().isEmpty());
    return call(message, activity, "")
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok when ok.body().hasNonNull("id") ->
                      Future.succeededFuture(
                          new SendOutcome.Sent(
                              new TeamsStream(ok.body().path("id").asText(), 1).remoteId()));
                  case ChatReply other when other.isRefused(NO_STREAM) -> whole(message, text, "");
                  case ChatReply other -> Future.succeededFuture(outcome(message, other, ""));
                });
  }

  private Future<SendOutcome> goOn(OutboxMessage message, ChatText text, TeamsStream stream) {
    ObjectNode activity = part(text);
    stream.mark(activity, text.said().isEmpty());
    return call(message, activity, "")
        .compose(reply -> streamed(message, text, stream, stream.remoteId(), reply));
  }

  private Future<SendOutcome> end(OutboxMessage message, ChatText text, TeamsStream stream) {
    ObjectNode activity = activity(text);
    stream.markWhole(activity);
    return call(message, activity, "")
        .compose(reply -> streamed(message, text, stream, stream.id(), reply));
  }

  /** A stream ends after two minutes, or when its reader stops it; then the message is changed. */
  private Future<SendOutcome> streamed(
      OutboxMessage message, ChatText text, TeamsStream stream, String remoteId, ChatReply reply) {
    return switch (reply) {
      case ChatReply.Ok _ -> Future.succeededFuture(new SendOutcome.Sent(remoteId));
      case ChatReply other when other.isRefused(NO_STREAM) -> whole(message, text, stream.id());
      case ChatReply other -> Future.succeededFuture(outcome(message, other, remoteId));
    };
  }

  private Future<ChatReply> call(OutboxMessage message, ObjectNode activity, String remoteId) {
    String conversation = ChatConnection.conversationOf(message);
    activity.putObject("from").put("id", connection.account().botUserId());
    activity.putObject("conversation").put("id", conversation);
    return api.activity(
        connection,
        remoteId.isEmpty() ? HttpMethod.POST : HttpMethod.PUT,
        conversation,
        remoteId,
        activity);
  }

  private SendOutcome outcome(OutboxMessage message, ChatReply reply, String remoteId) {
    return switch (reply) {
      case ChatReply.Limited limited -> {
        budgets.block(conversation(message), limited.pause());
        yield new SendOutcome.Wait(limited.pause());
      }
      case ChatReply.Refused refused when refused.status() == TRY_AGAIN ->
          new SendOutcome.Failed(refused.reason());
      case ChatReply.Refused refused when !remoteId.isEmpty() && isGone(refused) ->
          new SendOutcome.Vanished();
      case ChatReply other -> other.outcome(body -> body.path("id").asText(remoteId));
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

  /** Of a text that grows: what stays, or what the agent does now. */
  private static ObjectNode part(ChatText text) {
    return Json.MAPPER
        .createObjectNode()
        .put("textFormat", "markdown")
        .put("text", text.said().isEmpty() ? text.text() : text.said());
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

  /** What only says that the agent works goes away by itself. */
  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    boolean isStatus = text.said() != null && text.said().isEmpty();
    return Future.succeededFuture(
        isStatus && !isShared(ChatConnection.conversationOf(message))
            ? new LookUp.Absent()
            : new LookUp.Impossible());
  }
}

package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.bridges.platform.StreamRefusals;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import io.vertx.core.Future;
import io.vertx.ext.web.multipart.MultipartForm;
import java.time.Duration;

/** Sends the messages of a connection to Telegram. Everybody in a chat sees each of them. */
final class TelegramSender implements OutboxSender {
  private static final CallRate PERSON = CallRate.oneIn(Duration.ofSeconds(1));
  private static final CallRate GROUP = CallRate.perMinute(20);

  /** Numbers of drafts have 31 bits, and are above zero. */
  private static final long MAX_DRAFT = Integer.MAX_VALUE;

  private final TelegramApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;
  private final StreamRefusals refusals;

  /**
   * @param refusals of the drafts of bots
   */
  TelegramSender(
      TelegramApi api, RateBudgets budgets, ChatConnection connection, StreamRefusals refusals) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
    this.refusals = refusals;
  }

  /** Groups have a minus in front of their numbers. */
  static boolean isPrivate(String conversation) {
    return !conversation.startsWith("-");
  }

  private static String chat(OutboxMessage message) {
    return ChatConnection.conversationOf(message).split(":", 2)[0];
  }

  private String scope(OutboxMessage message) {
    return "telegram %s %s".formatted(connection.id(), chat(message));
  }

  /** All topics of a group share its rate. */
  @Override
  public Future<Void> permit(OutboxMessage message) {
    if (isPrivate(chat(message))) {
      return budgets.permit(scope(message), PERSON);
    }
    boolean isGrowing = ChatText.ofJson(message.content()).stage() == Stage.WORKING;
    return message.isEdit() && isGrowing
        ? budgets.permitPatient(scope(message), GROUP)
        : budgets.permit(scope(message), GROUP);
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    return mayBeDraft(message, text) ? draft(message, text) : whole(message, text);
  }

  private boolean mayBeDraft(OutboxMessage message, ChatText text) {
    return text.said() != null
        && !message.isEdit()
        && isPrivate(chat(message))
        && !refusals.has(connection.id());
  }

  /**
   * Shows a text that grows for half a minute, or until the message is there. One that is lost on
   * the way does no harm. Source: https://core.telegram.org/bots/api#sendmessagedraft.
   */
  private Future<SendOutcome> draft(OutboxMessage message, ChatText text) {
    String[] place = ChatConnection.conversationOf(message).split(":", 2);
    ObjectNode parameters =
        JsonNodeFactory.instance
            .objectNode()
            .put("chat_id", Long.parseLong(place[0]))
            .put("draft_id", 1 + message.id() % MAX_DRAFT)
            .put("text", text.text());
    if (place.length == 2) {
      parameters.put("message_thread_id", Long.parseLong(place[1]));
    }
    return api.call(connection.secret(TelegramPlatform.BOT_TOKEN), "sendMessageDraft", parameters)
        .compose(
            reply ->
                switch (reply) {
                  case TelegramReply.Refused refused when !isOfCredentials(refused) -> {
                    refusals.add(connection.id());
                    yield whole(message, text);
                  }
                  case TelegramReply.Refused refused ->
                      Future.succeededFuture(outcome(message, refused));
                  case TelegramReply.Limited limited ->
                      Future.succeededFuture(outcome(message, limited));
                  case TelegramReply _ -> Future.succeededFuture(new SendOutcome.Shown());
                });
  }

  private static boolean isOfCredentials(TelegramReply.Refused refused) {
    return refused.description().contains("Unauthorized");
  }

  private Future<SendOutcome> whole(OutboxMessage message, ChatText text) {
    String[] place = ChatConnection.conversationOf(message).split(":", 2);
    ObjectNode parameters =
        JsonNodeFactory.instance.objectNode().put("chat_id", place[0]).put("text", text.text());
    if (!text.buttons().isEmpty()) {
      parameters.putObject("reply_markup").set("inline_keyboard", keyboard(text));
    }
    if (message.isEdit()) {
      parameters.put("message_id", Long.parseLong(message.remoteId().orElseThrow()));
    } else if (place.length == 2) {
      parameters.put("message_thread_id", Long.parseLong(place[1]));
    }
    String method = message.isEdit() ? "editMessageText" : "sendMessage";
    return api.call(connection.secret(TelegramPlatform.BOT_TOKEN), method, parameters)
        .map(reply -> outcome(message, reply));
  }

  Future<SendOutcome> send(OutboxMessage message, OutboundFile file) {
    String[] place = ChatConnection.conversationOf(message).split(":", 2);
    MultipartForm form =
        MultipartForm.create()
            .attribute("chat_id", place[0])
            .binaryFileUpload("document", file.name(), file.content(), "application/octet-stream");
    if (place.length == 2) {
      form.attribute("message_thread_id", place[1]);
    }
    if (!file.comment().isEmpty()) {
      form.attribute("caption", file.comment());
    }
    return api.call(connection.secret(TelegramPlatform.BOT_TOKEN), "sendDocument", form)
        .map(reply -> outcome(message, reply));
  }

  private static ArrayNode keyboard(ChatText text) {
    ArrayNode row = JsonNodeFactory.instance.arrayNode();
    // A button brings back 64 bytes at most: a short name stands for its value.
    text.buttons()
        .forEach(
            button ->
                row.addObject()
                    .put("text", button.label())
                    .put("callback_data", button.shortName()));
    return JsonNodeFactory.instance.arrayNode().add(row);
  }

  private SendOutcome outcome(OutboxMessage message, TelegramReply reply) {
    return switch (reply) {
      case TelegramReply.Ok ok -> new SendOutcome.Sent(ok.result().path("message_id").asText(""));
      case TelegramReply.Limited limited -> {
        budgets.block(scope(message), limited.pause());
        yield new SendOutcome.Wait(limited.pause());
      }
      case TelegramReply.Refused refused when refused.description().contains("not modified") ->
          new SendOutcome.Sent(message.remoteId().orElse(""));
      case TelegramReply.Refused refused
          when refused.description().contains("message to edit not found") ->
          new SendOutcome.Vanished();
      case TelegramReply.Refused refused ->
          new SendOutcome.Refused(refused.description(), isOfCredentials(refused));
      case TelegramReply.Unreached unreached -> new SendOutcome.Failed(unreached.reason());
      case TelegramReply.Unknown unknown -> new SendOutcome.Unknown(unknown.reason());
    };
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    // A draft is no message.
    return Future.succeededFuture(
        mayBeDraft(message, ChatText.ofJson(message.content()))
            ? new LookUp.Absent()
            : new LookUp.Impossible());
  }
}

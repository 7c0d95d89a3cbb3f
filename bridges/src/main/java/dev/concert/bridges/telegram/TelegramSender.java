package dev.concert.bridges.telegram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.OutboundFile;
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

  private final TelegramApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;

  TelegramSender(TelegramApi api, RateBudgets budgets, ChatConnection connection) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
  }

  private static String chat(OutboxMessage message) {
    return ChatConnection.conversationOf(message).split(":", 2)[0];
  }

  private String scope(OutboxMessage message) {
    return "telegram %s %s".formatted(connection.id(), chat(message));
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets.permit(scope(message), chat(message).startsWith("-") ? GROUP : PERSON);
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
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
          new SendOutcome.Refused(
              refused.description(), refused.description().contains("Unauthorized"));
      case TelegramReply.Unreached unreached -> new SendOutcome.Failed(unreached.reason());
      case TelegramReply.Unknown unknown -> new SendOutcome.Unknown(unknown.reason());
    };
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Impossible());
  }
}

package dev.concert.bridges.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** Sends the messages of a connection to Discord. */
final class DiscordSender implements OutboxSender {
  /** Discord allows a bot 50 calls a second. */
  private static final CallRate BOT = new CallRate(45, Duration.ofSeconds(1));

  private static final CallRate CHANNEL = new CallRate(5, Duration.ofSeconds(5));
  private static final int NONCE_BYTES = 12;
  private static final int MAX_LABEL = 80;
  private static final int ROW = 5;
  private static final int ONLY_FOR_ONE = 64;

  private final DiscordApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;

  DiscordSender(DiscordApi api, RateBudgets budgets, ChatConnection connection) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
  }

  private String bot() {
    return "discord " + connection.account().id();
  }

  private String channel(OutboxMessage message) {
    return bot() + " " + ChatConnection.conversationOf(message);
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets.permit(bot(), BOT).compose(_ -> budgets.permit(channel(message), CHANNEL));
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    String place = "/channels/%s/messages".formatted(ChatConnection.conversationOf(message));
    if (text.replyTo() != null) {
      return answer(message, text, place);
    }
    return message.isEdit()
        ? edit(message, text, place, message.remoteId().orElseThrow())
        : post(message, text, place);
  }

  private Future<SendOutcome> edit(
      OutboxMessage message, ChatText text, String place, String remoteId) {
    return api.patch(token(), place + "/" + remoteId, body(text))
        .map(
            reply ->
                DiscordApi.code(reply) == DiscordApi.UNKNOWN_MESSAGE
                    ? new SendOutcome.Vanished()
                    : outcome(message, reply));
  }

  /** A nonce that Discord knows already gives the message of before, with the text of before. */
  private Future<SendOutcome> post(OutboxMessage message, ChatText text, String place) {
    ObjectNode body =
        body(text)
            .put("nonce", nonce(message.conversation() + " " + message.key()))
            .put("enforce_nonce", true);
    return api.post(token(), place, body)
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                        && ok.body().hasNonNull("content")
                        && !ok.body().path("content").asText().equals(body.path("content").asText())
                    ? edit(message, text, place, ok.body().path("id").asText())
                    : Future.succeededFuture(outcome(message, reply)));
  }

  /** The nonce says that it is the same one, as for a text. */
  Future<SendOutcome> send(OutboxMessage message, OutboundFile file) {
    String place = "/channels/%s/messages".formatted(ChatConnection.conversationOf(message));
    ObjectNode body =
        message(file.comment())
            .put("nonce", nonce(message.conversation() + " " + message.key()))
            .put("enforce_nonce", true);
    return api.post(token(), place, body, file).map(reply -> outcome(message, reply));
  }

  /** The answer to an interaction; after fifteen minutes it is a message as all others are. */
  private Future<SendOutcome> answer(OutboxMessage message, ChatText text, String place) {
    boolean isOriginal = text.replyTo().startsWith(DiscordReader.ORIGINAL);
    String token =
        text.replyTo()
            .substring((isOriginal ? DiscordReader.ORIGINAL : DiscordReader.FOLLOW_UP).length());
    String path = "/webhooks/%s/%s".formatted(connection.account().id(), token);
    Future<ChatReply> sent =
        isOriginal
            ? api.patch("", path + "/messages/@original", body(text))
            : api.post("", path, body(text).put("flags", ONLY_FOR_ONE));
    return sent.compose(
        reply ->
            reply instanceof ChatReply.Refused
                ? post(message, text, place)
                : Future.succeededFuture(outcome(message, reply)));
  }

  private String token() {
    return connection.secret(DiscordPlatform.BOT_TOKEN);
  }

  private SendOutcome outcome(OutboxMessage message, ChatReply reply) {
    switch (reply) {
      case ChatReply.Limited limited ->
          budgets.block(
              limited.body().path("global").asBoolean() ? bot() : channel(message),
              limited.pause());
      case ChatReply.Ok ok when ok.rest().isPositive() ->
          budgets.block(channel(message), ok.rest());
      case ChatReply _ -> {
        // Nothing to be learned for the next call.
      }
    }
    return reply.outcome(body -> body.path("id").asText(""));
  }

  private static ObjectNode body(ChatText text) {
    ObjectNode body = message(text.text());
    ArrayNode rows = body.putArray("components");
    ArrayNode row = rows;
    for (int i = 0; i < text.buttons().size(); i++) {
      if (i % ROW == 0) {
        row = rows.addObject().put("type", 1).putArray("components");
      }
      ChatText.Button button = text.buttons().get(i);
      row.addObject()
          .put("type", 2)
          .put("style", button.isPrimary() ? 1 : 2)
          .put("label", ShortText.marked(button.label(), MAX_LABEL))
          .put("custom_id", button.shortName());
    }
    return body;
  }

  /** A text that notifies nobody, whatever an agent writes. */
  static ObjectNode message(String text) {
    ObjectNode message = Json.MAPPER.createObjectNode().put("content", text);
    message.putObject("allowed_mentions").putArray("parse");
    return message;
  }

  /** At most 25 characters. */
  static String nonce(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, NONCE_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  /** Sent again it is the same message: the nonce says so. */
  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    return Future.succeededFuture(new LookUp.Absent());
  }
}

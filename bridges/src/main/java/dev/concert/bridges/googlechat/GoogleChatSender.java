package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.rate.CallRate;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** Sends the messages of a connection to Google Chat. */
final class GoogleChatSender implements OutboxSender {
  /** All applications of a space share one write a second. */
  private static final CallRate SPACE = new CallRate(3, Duration.ofSeconds(3));

  /** Of the project, which has 3000 writes a minute. */
  private static final CallRate PROJECT = CallRate.perMinute(2900);

  private static final int ALREADY_THERE = 409;
  private static final int NAME_BYTES = 20;
  private static final String THREADS = "/threads/";

  private final GoogleChatApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;

  GoogleChatSender(GoogleChatApi api, RateBudgets budgets, ChatConnection connection) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
  }

  private static String space(OutboxMessage message) {
    return ChatConnection.conversationOf(message).split(THREADS, 2)[0];
  }

  private String project() {
    return "googlechat " + connection.account().id();
  }

  private String scope(OutboxMessage message) {
    return project() + " " + space(message);
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    boolean isGrowing = ChatText.ofJson(message.content()).stage() == Stage.WORKING;
    return budgets
        .permit(project(), PROJECT)
        .compose(
            _ ->
                message.isEdit() && isGrowing
                    ? budgets.permitPatient(scope(message), SPACE)
                    : budgets.permit(scope(message), SPACE));
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    return message.isEdit()
        ? update(message, message.remoteId().orElseThrow(), text)
        : create(message, text);
  }

  /** One that was created before comes back as it was then. */
  private Future<SendOutcome> create(OutboxMessage message, ChatText text) {
    String name = name(message);
    String conversation = ChatConnection.conversationOf(message);
    ObjectNode body = body(text);
    String thread = "";
    if (conversation.contains(THREADS)) {
      body.putObject("thread").put("name", conversation);
      thread = "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
    }
    if (text.onlyFor() != null) {
      body.putObject("privateMessageViewer").put("name", text.onlyFor());
    }
    String path =
        "%s/messages?messageId=%s&requestId=%s%s".formatted(space(message), name, name, thread);
    return api.chat(connection, HttpMethod.POST, path, body)
        .compose(
            reply -> {
              boolean isOld =
                  reply instanceof ChatReply.Ok ok
                      && !ok.body().path("text").asText("").equals(body.path("text").asText(""));
              return isOld || reply.isRefused(ALREADY_THERE)
                  ? update(message, space(message) + "/messages/" + name, text)
                  : Future.succeededFuture(outcome(message, reply));
            });
  }

  private Future<SendOutcome> update(OutboxMessage message, String name, ChatText text) {
    return api.chat(connection, HttpMethod.PATCH, name + "?updateMask=text,cardsV2", body(text))
        .map(reply -> reply.isRefused(404) ? new SendOutcome.Vanished() : outcome(message, reply));
  }

  private SendOutcome outcome(OutboxMessage message, ChatReply reply) {
    if (reply instanceof ChatReply.Limited limited) {
      budgets.block(scope(message), limited.pause());
    }
    return reply.outcome(body -> body.path("name").asText(""));
  }

  private static ObjectNode body(ChatText text) {
    ObjectNode body =
        Json.MAPPER.createObjectNode().put("text", GoogleChatMarkdown.render(text.text()));
    ArrayNode cards = body.putArray("cardsV2");
    if (text.buttons().isEmpty()) {
      return body;
    }
    ArrayNode buttons =
        cards
            .addObject()
            .put("cardId", "concert")
            .putObject("card")
            .putArray("sections")
            .addObject()
            .putArray("widgets")
            .addObject()
            .putObject("buttonList")
            .putArray("buttons");
    for (ChatText.Button button : text.buttons()) {
      ObjectNode one = buttons.addObject().put("text", button.label());
      if (button.isPrimary()) {
        one.put("type", "FILLED");
      }
      one.putObject("onClick")
          .putObject("action")
          .put("function", GoogleChatReader.PRESSED)
          .putArray("parameters")
          .addObject()
          .put("key", GoogleChatReader.PRESSED)
          .put("value", button.value());
    }
    return body;
  }

  /** At most 63 small letters, digits and hyphens. */
  private static String name(OutboxMessage message) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (message.conversation() + " " + message.key()).getBytes(StandardCharsets.UTF_8));
      return "client-" + HexFormat.of().formatHex(hash, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    String path = "%s/messages/%s".formatted(space(message), name(message));
    return api.chat(connection, HttpMethod.GET, path, MissingNode.getInstance())
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok ->
                      Future.succeededFuture(new LookUp.Found(ok.body().path("name").asText("")));
                  case ChatReply.Refused refused when refused.status() == 404 ->
                      Future.succeededFuture(new LookUp.Absent());
                  case ChatReply.Refused _ -> Future.succeededFuture(new LookUp.Impossible());
                  case ChatReply other -> {
                    outcome(message, other);
                    yield Future.failedFuture("Google Chat does not answer now");
                  }
                });
  }
}

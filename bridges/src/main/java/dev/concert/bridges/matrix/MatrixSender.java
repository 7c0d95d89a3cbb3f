package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;

/** Sends the messages of a connection to its homeserver. Everybody in a room sees each of them. */
final class MatrixSender implements OutboxSender {
  private static final CallRate ROOM = new CallRate(5, Duration.ofSeconds(5));
  private static final CallRate HOMESERVER = new CallRate(50, Duration.ofSeconds(1));

  /** Of ours in a room, of which one may be the one that is looked for. */
  private static final int LOOKED_UP = 100;

  private static final int HASH_BYTES = 16;

  /** The homeserver takes nothing from the bot then. */
  private static final Set<String> SHUT_OUT =
      Set.of("M_UNKNOWN_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED");

  private final MatrixApi api;
  private final RateBudgets budgets;
  private final ChatConnection connection;

  MatrixSender(MatrixApi api, RateBudgets budgets, ChatConnection connection) {
    this.api = api;
    this.budgets = budgets;
    this.connection = connection;
  }

  private static String conversation(OutboxMessage message) {
    return ChatConnection.conversationOf(message);
  }

  private static String room(OutboxMessage message) {
    return MatrixContent.room(conversation(message));
  }

  private String homeserver() {
    return "matrix " + connection.id();
  }

  private String scope(OutboxMessage message) {
    return homeserver() + " " + room(message);
  }

  @Override
  public Future<Void> permit(OutboxMessage message) {
    return budgets
        .permit(homeserver(), HOMESERVER)
        .compose(_ -> budgets.permit(scope(message), ROOM));
  }

  @Override
  public Future<SendOutcome> send(OutboxMessage message) {
    ChatText text = ChatText.ofJson(message.content());
    return message.isEdit()
        ? change(message, message.remoteId().orElseThrow(), text)
        : post(message, MatrixContent.message(conversation(message), key(message), text))
            .compose(outcome -> newest(message, text, outcome));
  }

  /** A message that was taken before has the text of before. */
  private Future<SendOutcome> newest(OutboxMessage message, ChatText text, SendOutcome outcome) {
    if (message.version() == 1 || !(outcome instanceof SendOutcome.Sent sent)) {
      return Future.succeededFuture(outcome);
    }
    String path = "/event/" + MatrixApi.encoded(sent.remoteId());
    return api.get(connection, MatrixApi.room(room(message), path))
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                        && !ok.body().at("/content/body").asText("").equals(text.text())
                    ? change(message, sent.remoteId(), text)
                    : Future.succeededFuture(outcome));
  }

  private Future<SendOutcome> change(OutboxMessage message, String eventId, ChatText text) {
    String transaction = key(message) + "-" + message.version();
    return api.put(
            connection,
            MatrixApi.room(room(message), "/send/m.room.message/" + transaction),
            MatrixContent.change(eventId, text))
        .map(
            reply ->
                reply instanceof ChatReply.Ok
                    ? new SendOutcome.Sent(eventId)
                    : outcome(message, reply));
  }

  private Future<SendOutcome> post(OutboxMessage message, ObjectNode content) {
    String path = "/send/m.room.message/" + key(message);
    return api.put(connection, MatrixApi.room(room(message), path), content)
        .map(
            reply -> {
              if (reply instanceof ChatReply.Ok ok) {
                addSigns(message, ok.body().path("event_id").asText(""), content);
              }
              return outcome(message, reply);
            });
  }

  /** So that people only have to press one. Without them they write the answer. */
  private void addSigns(OutboxMessage message, String eventId, ObjectNode content) {
    Future<?> all = Future.succeededFuture();
    int number = 0;
    for (String sign : MatrixContent.signs(content)) {
      String path = "/send/m.reaction/%s-sign-%d".formatted(key(message), ++number);
      all =
          all.compose(
              _ ->
                  api.put(
                      connection,
                      MatrixApi.room(room(message), path),
                      MatrixContent.reaction(eventId, sign)));
    }
  }

  Future<SendOutcome> send(OutboxMessage message, OutboundFile file) {
    return api.upload(connection, file)
        .compose(
            reply -> {
              String address =
                  reply instanceof ChatReply.Ok ok ? ok.body().path("content_uri").asText("") : "";
              // Nobody sees a file that is not in a room yet.
              return address.isEmpty()
                  ? Future.succeededFuture(outcome(message, reply))
                  : post(
                      message,
                      MatrixContent.file(
                          conversation(message),
                          key(message),
                          file.name(),
                          file.comment(),
                          address,
                          file.content().length()));
            });
  }

  private SendOutcome outcome(OutboxMessage message, ChatReply reply) {
    if (reply instanceof ChatReply.Limited limited) {
      budgets.block(scope(message), limited.pause());
    }
    return reply instanceof ChatReply.Refused refused
        ? new SendOutcome.Refused(
            refused.reason(), SHUT_OUT.contains(refused.body().path("errcode").asText("")))
        : reply.outcome(body -> body.path("event_id").asText(""));
  }

  /** By which the homeserver takes a message once, and by which we find it. */
  private static String key(OutboxMessage message) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (message.conversation() + " " + message.key()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public Future<LookUp> lookUp(OutboxMessage message) {
    ObjectNode filter = Json.MAPPER.createObjectNode();
    filter.putArray("senders").add(connection.account().botUserId());
    filter.putArray("types").add("m.room.message");
    String path =
        "/messages?dir=b&limit=%d&filter=%s"
            .formatted(LOOKED_UP, MatrixApi.encoded(filter.toString()));
    return api.get(connection, MatrixApi.room(room(message), path))
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok -> Future.succeededFuture(found(message, ok.body()));
                  case ChatReply.Refused refused when refused.status() != 401 ->
                      Future.succeededFuture(new LookUp.Absent());
                  case ChatReply other -> {
                    outcome(message, other);
                    yield Future.failedFuture("The homeserver does not answer now");
                  }
                });
  }

  private static LookUp found(OutboxMessage message, JsonNode page) {
    for (JsonNode event : page.path("chunk")) {
      if (event.path("content").path(MatrixContent.KEY).asText("").equals(key(message))) {
        return new LookUp.Found(event.path("event_id").asText(""));
      }
    }
    return new LookUp.Absent();
  }
}

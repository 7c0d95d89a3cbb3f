package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a homeserver sends to an application service. It repeats a transaction until it gets a 200,
 * and sends nothing else meanwhile: so what nobody understands is passed over.
 */
final class MatrixTransaction {
  private static final String APP = "/_matrix/app/v1/";
  private static final WebhookReply TAKEN = reply(200, "{}");
  private static final WebhookReply NOT_FOUND =
      reply(404, "{\"errcode\":\"M_NOT_FOUND\",\"error\":\"There is none.\"}");
  private static final WebhookReply UNRECOGNIZED =
      reply(404, "{\"errcode\":\"M_UNRECOGNIZED\",\"error\":\"There is no such address.\"}");
  private static final WebhookReply BAD_JSON =
      reply(400, "{\"errcode\":\"M_BAD_JSON\",\"error\":\"The body is not a transaction.\"}");

  private final MatrixApi api;
  private final MatrixRooms rooms;

  MatrixTransaction(MatrixApi api, MatrixRooms rooms) {
    this.api = api;
    this.rooms = rooms;
  }

  private static WebhookReply reply(int status, String body) {
    return new WebhookReply(status, "application/json", body);
  }

  /** Reads a request of the homeserver. */
  WebhookResult read(ChatConnection connection, DeliverWebhook webhook) {
    String path = webhook.path();
    if (webhook.method().equals("PUT") && path.startsWith(APP + "transactions/")) {
      return transaction(connection, webhook.body());
    }
    if (webhook.method().equals("POST") && path.equals(APP + "ping")) {
      return new WebhookResult.Answer(TAKEN);
    }
    // It asks for users, rooms and protocols that we might make.
    boolean isQuery =
        webhook.method().equals("GET")
            && List.of("users/", "rooms/", "thirdparty/").stream()
                .anyMatch(one -> path.startsWith(APP + one));
    return new WebhookResult.Answer(isQuery ? NOT_FOUND : UNRECOGNIZED);
  }

  private WebhookResult transaction(ChatConnection connection, byte[] body) {
    JsonNode events;
    try {
      events = Json.MAPPER.readTree(body).path("events");
    } catch (IOException e) {
      return new WebhookResult.Answer(BAD_JSON);
    }
    if (!events.isArray()) {
      return new WebhookResult.Answer(BAD_JSON);
    }
    Future<List<InboundEvent>> all = Future.succeededFuture(new ArrayList<>());
    for (JsonNode event : events) {
      all =
          all.compose(
              known ->
                  read(connection, event)
                      .map(
                          one -> {
                            one.ifPresent(known::add);
                            return known;
                          }));
    }
    return new WebhookResult.Later(all.map(known -> new WebhookResult.Events(known, TAKEN)));
  }

  private Future<Optional<InboundEvent>> read(ChatConnection connection, JsonNode event) {
    String roomId = event.path("room_id").asText("");
    boolean isOfPerson = MatrixReader.isOfPerson(connection, event);
    switch (event.path("type").asText("")) {
      case "m.room.message" -> {
        return !isOfPerson
            ? nothing()
            : MatrixReader.isChange(event)
                ? Future.succeededFuture(MatrixReader.change(connection, event))
                : rooms
                    .isDirect(connection, roomId)
                    .map(isDirect -> MatrixReader.message(connection, event, isDirect));
      }
      case "m.room.redaction" -> {
        return isOfPerson
            ? Future.succeededFuture(MatrixReader.change(connection, event))
            : nothing();
      }
      case "m.reaction" -> {
        return isOfPerson ? reaction(connection, event, roomId) : nothing();
      }
      case "m.room.encrypted" -> rooms.sayEncrypted(connection, roomId);
      case "m.room.member" -> member(connection, event, roomId);
      default -> {
        // What else happens in a room is not said to us.
      }
    }
    return nothing();
  }

  private static Future<Optional<InboundEvent>> nothing() {
    return Future.succeededFuture(Optional.empty());
  }

  private void member(ChatConnection connection, JsonNode event, String roomId) {
    rooms.changed(connection, roomId);
    boolean isInvitation =
        event.path("content").path("membership").asText("").equals("invite")
            && event.path("state_key").asText("").equals(connection.account().botUserId());
    if (isInvitation) {
      rooms.join(connection, roomId);
    }
  }

  private Future<Optional<InboundEvent>> reaction(
      ChatConnection connection, JsonNode event, String roomId) {
    String about = event.path("content").path(MatrixContent.RELATES_TO).path("event_id").asText("");
    return api.get(connection, MatrixApi.room(roomId, "/event/" + MatrixApi.encoded(about)))
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok when ok.body().isObject() ->
                      rooms
                          .isDirect(connection, roomId)
                          .map(
                              isDirect ->
                                  MatrixReader.pressed(connection, event, ok.body(), isDirect));
                  case ChatReply.Ok _, ChatReply.Refused _ -> nothing();
                  case ChatReply _ ->
                      Future.failedFuture("The homeserver does not give a message now");
                });
  }
}

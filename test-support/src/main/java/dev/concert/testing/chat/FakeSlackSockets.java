package dev.concert.testing.chat;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Socket Mode of a {@link FakeSlack}; source:
 * https://docs.slack.dev/apis/events-api/using-socket-mode. An envelope that is not acknowledged
 * when its socket closes is sent again on the next one.
 */
final class FakeSlackSockets {
  private record Envelope(int team, JsonObject content) {}

  private final Map<String, Integer> tickets = new LinkedHashMap<>();
  private final Map<ServerWebSocket, Integer> sockets = new LinkedHashMap<>();
  private final Map<String, Envelope> open = new LinkedHashMap<>();
  private final List<String> acknowledged = new ArrayList<>();
  private int numbers;

  /** The reply with an address for one connection; empty where the token is not one of an app. */
  synchronized Optional<JsonObject> open(String token, String host) {
    if (!token.matches("xapp-[12]-played")) {
      return Optional.empty();
    }
    String ticket = "ticket-" + ++numbers;
    tickets.put(ticket, token.charAt(5) - '0');
    String url = "ws://%s/link?ticket=%s".formatted(host, ticket);
    return Optional.of(new JsonObject().put("ok", true).put("url", url));
  }

  synchronized boolean isConnected(int team) {
    return sockets.containsValue(team);
  }

  synchronized List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  synchronized String send(int team, String type, JsonObject payload) {
    String id = "envelope-" + ++numbers;
    Envelope envelope =
        new Envelope(
            team,
            new JsonObject()
                .put("envelope_id", id)
                .put("type", type)
                .put("accepts_response_payload", !type.equals("events_api"))
                .put("payload", payload));
    open.put(id, envelope);
    sockets.entrySet().stream()
        .filter(one -> one.getValue() == team)
        .findFirst()
        .ifPresent(one -> one.getKey().writeTextMessage(envelope.content().encode()));
    return id;
  }

  /** Slack asks its clients to connect anew, or the network cuts them. */
  synchronized void close(int team, boolean isAsked) {
    List.copyOf(sockets.entrySet()).stream()
        .filter(one -> one.getValue() == team)
        .forEach(
            one -> {
              sockets.remove(one.getKey());
              if (isAsked) {
                one.getKey()
                    .writeTextMessage(
                        new JsonObject()
                            .put("type", "disconnect")
                            .put("reason", "refresh_requested")
                            .encode());
              } else {
                one.getKey().close();
              }
            });
  }

  /** The sockets of a team say nothing more, and stay open. */
  synchronized void freeze(int team) {
    List.copyOf(sockets.entrySet()).stream()
        .filter(one -> one.getValue() == team)
        .forEach(
            one -> {
              sockets.remove(one.getKey());
              one.getKey().pause();
            });
  }

  synchronized void opened(ServerWebSocket socket) {
    Integer team = tickets.remove(String.valueOf(socket.query()).replaceFirst("^ticket=", ""));
    if (team == null) {
      socket.close();
      return;
    }
    sockets.put(socket, team);
    socket.textMessageHandler(this::heard);
    socket.closeHandler(_ -> closed(socket));
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "hello")
            .put("num_connections", sockets.size())
            .put("connection_info", new JsonObject().put("app_id", "A0PLAYED"))
            .encode());
    open.values().stream()
        .filter(one -> one.team() == team)
        .forEach(
            one ->
                socket.writeTextMessage(
                    one.content()
                        .copy()
                        .put("retry_attempt", 1)
                        .put("retry_reason", "timeout")
                        .encode()));
  }

  private synchronized void closed(ServerWebSocket socket) {
    sockets.remove(socket);
  }

  private synchronized void heard(String text) {
    String id = new JsonObject(text).getString("envelope_id");
    if (open.remove(id) != null) {
      acknowledged.add(id);
    }
  }
}

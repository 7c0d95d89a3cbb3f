package dev.concert.testing.chat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Slack's Web API, as far as bridges use it; source: https://docs.slack.dev/reference/methods. It
 * takes a form with a bearer token or the field {@code token}, as Slack's own clients send it.
 */
public final class FakeSlack implements AutoCloseable {
  public static final String TOKEN = "xoxb-1-played";
  public static final String SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  public static final String TEAM = "T0PLAYED";
  private static final Map<String, String> TEAMS = Map.of(TOKEN, TEAM, "xoxb-2-played", "T0SECOND");
  public static final String BOT = "U0BOT";
  private static final int MAX_POST = 40_000;
  private static final int MAX_UPDATE = 4000;
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "auth.test", Set.of(),
          "chat.postMessage",
              Set.of("channel", "text", "blocks", "thread_ts", "metadata", "unfurl_links"),
          "chat.update", Set.of("channel", "ts", "text", "blocks", "metadata"),
          "chat.postEphemeral", Set.of("channel", "user", "text", "blocks", "thread_ts"),
          "conversations.history",
              Set.of("channel", "limit", "cursor", "include_all_metadata", "oldest"),
          "conversations.replies",
              Set.of("channel", "ts", "limit", "cursor", "include_all_metadata", "oldest"));

  /** What goes wrong with the next call of a method. */
  public enum Fault {
    /** HTTP 429 with {@code Retry-After: 1}. */
    RATE_LIMITED,
    /** HTTP 429 without a time. */
    RATE_LIMITED_WITHOUT_TIME,
    /** HTTP 200 with {@code ok: false}. */
    RATE_LIMITED_WITH_200,
    SERVER_ERROR,
    FATAL_ERROR,
    /** The connection is cut before Slack took the message. */
    CUT_BEFORE,
    /** The connection is cut after Slack took the message. */
    CUT_AFTER,
    /** Slack took the message and does not answer. */
    HELD,
    TOKEN_REVOKED
  }

  /** A message that somebody sees. */
  public record Message(
      String channel, String thread, String ts, String text, JsonArray blocks, String onlyFor) {}

  private static final Map<String, Integer> APPS = Map.of("xapp-1-played", 1, "xapp-2-played", 2);

  private final Vertx vertx = Vertx.vertx();
  private final FakeSlackSockets sockets = new FakeSlackSockets();
  private final HttpServer server;
  private final Map<String, List<JsonObject>> channels = new HashMap<>();
  private final Map<String, Deque<Fault>> faults = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Set<String> revoked = new HashSet<>();
  private long time = 1_700_000_000_000_000L;

  public FakeSlack() {
    server =
        vertx.createHttpServer().webSocketHandler(sockets::opened).requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  /** Where the methods are. */
  public URI api() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/api/");
  }

  /** The token of one of the two teams, from 1. */
  public static String token(int team) {
    return "xoxb-%d-played".formatted(team);
  }

  /** The app token of one of the two teams, from 1. */
  public static String appToken(int team) {
    return "xapp-%d-played".formatted(team);
  }

  /** Sends an envelope over the socket of a team, where it waits for one; returns its id. */
  public String send(int team, String type, JsonObject payload) {
    return sockets.send(team, type, payload);
  }

  public boolean isConnected(int team) {
    return sockets.isConnected(team);
  }

  /** The envelopes that were acknowledged, in order. */
  public List<String> acknowledged() {
    return sockets.acknowledged();
  }

  /** Slack asks a team's client to connect anew; or the network cuts it. */
  public void closeSockets(int team, boolean isAsked) {
    sockets.close(team, isAsked);
  }

  /** The sockets of a team stay open and say nothing more, not even a pong. */
  public void freezeSockets(int team) {
    sockets.freeze(team);
  }

  /** The id of one of the two teams, from 1. */
  public static String team(int team) {
    return TEAMS.get(token(team));
  }

  /** Makes the next calls of a method fail so, one each. */
  public synchronized void fail(String method, Fault... next) {
    Deque<Fault> waiting = faults.computeIfAbsent(method, _ -> new ArrayDeque<>());
    for (Fault fault : next) {
      waiting.add(fault);
    }
  }

  /** All messages of ours, in all channels, as people see them now. */
  public synchronized List<Message> messages() {
    List<Message> all = new ArrayList<>();
    channels.forEach(
        (channel, messages) ->
            messages.stream()
                .filter(one -> one.containsKey("bot_id"))
                .forEach(
                    one ->
                        all.add(
                            new Message(
                                channel,
                                one.getString("thread_ts", ""),
                                one.getString("ts"),
                                one.getString("text"),
                                one.getJsonArray("blocks"),
                                one.getString("only_for", "")))));
    return all;
  }

  /** A person writes something, which stays in its thread. */
  public synchronized void written(String channel, String thread, String user, String text) {
    channels
        .computeIfAbsent(channel, _ -> new ArrayList<>())
        .add(
            new JsonObject()
                .put("user", user)
                .put("text", text)
                .put("ts", newTime())
                .put("thread_ts", thread));
  }

  /** The texts of all messages, as people see them now. */
  public List<String> texts() {
    return messages().stream().map(Message::text).toList();
  }

  /** The methods that were called, in order. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** A time that no other message has. */
  public synchronized String newTime() {
    time += 1000;
    return "%d.%06d".formatted(time / 1_000_000, time % 1_000_000);
  }

  private void handle(HttpServerRequest request) {
    String method = request.path().substring(request.path().lastIndexOf('/') + 1);
    request.body().onSuccess(body -> answer(request, method, fields(body.toString())));
  }

  private static Map<String, String> fields(String form) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : form.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return fields;
  }

  private synchronized void answer(
      HttpServerRequest request, String method, Map<String, String> fields) {
    calls.add(method);
    String token = fields.remove("token");
    String header = request.getHeader("Authorization");
    String bearer = header == null ? token : header.replaceFirst("^Bearer ", "");
    Fault fault = faults.getOrDefault(method, new ArrayDeque<>()).poll();
    if (fault != null && !refuse(request, fault, bearer)) {
      return;
    }
    JsonObject reply = reply(method, bearer, fields);
    if (fault == Fault.CUT_AFTER) {
      request.connection().close();
    } else if (fault != Fault.HELD) {
      send(request, 200, reply);
    }
  }

  /** Returns whether the call goes on all the same. */
  private boolean refuse(HttpServerRequest request, Fault fault, String token) {
    switch (fault) {
      case RATE_LIMITED -> {
        request.response().putHeader("Retry-After", "1");
        send(request, 429, error("ratelimited"));
      }
      case RATE_LIMITED_WITHOUT_TIME -> send(request, 429, error("ratelimited"));
      case RATE_LIMITED_WITH_200 -> {
        request.response().putHeader("Retry-After", "1");
        send(request, 200, error("ratelimited"));
      }
      case SERVER_ERROR ->
          request.response().setStatusCode(503).end("<html>Service Unavailable</html>");
      case FATAL_ERROR -> send(request, 200, error("fatal_error"));
      case CUT_BEFORE -> request.connection().close();
      case TOKEN_REVOKED -> {
        revoked.add(token);
        return true;
      }
      case CUT_AFTER, HELD -> {
        return true;
      }
    }
    return false;
  }

  private JsonObject reply(String method, String token, Map<String, String> fields) {
    if (token == null || token.isEmpty()) {
      return error("not_authed");
    }
    if (revoked.contains(token)) {
      return error("token_revoked");
    }
    if (method.equals("apps.connections.open")) {
      return sockets
          .open(token, server.actualPort())
          .orElse(error(TEAMS.containsKey(token) ? "not_allowed_token_type" : "invalid_auth"));
    }
    if (!TEAMS.containsKey(token)) {
      return error("invalid_auth");
    }
    Set<String> known = FIELDS.get(method);
    if (known == null) {
      return error("unknown_method").put("req_method", method);
    }
    for (String field : fields.keySet()) {
      if (!known.contains(field)) {
        return invalid("[ERROR] unsupported field: " + field);
      }
    }
    return switch (method) {
      case "auth.test" ->
          ok().put("url", "https://played.slack.com/")
              .put("team", "Played")
              .put("user", "concert")
              .put("team_id", TEAMS.get(token))
              .put("user_id", BOT)
              .put("bot_id", "B0BOT")
              .put("is_enterprise_install", false);
      case "chat.postMessage" -> post(fields);
      case "chat.postEphemeral" -> postEphemeral(fields);
      case "chat.update" -> update(fields);
      default -> list(fields);
    };
  }

  private JsonObject post(Map<String, String> fields) {
    String text = fields.getOrDefault("text", "");
    if (!isChannel(fields.get("channel"))) {
      return error("channel_not_found");
    }
    if (text.isEmpty() && fields.getOrDefault("blocks", "[]").equals("[]")) {
      return error("no_text");
    }
    JsonObject message = message(fields, text.substring(0, Math.min(text.length(), MAX_POST)));
    channels.computeIfAbsent(fields.get("channel"), _ -> new ArrayList<>()).add(message);
    return ok().put("channel", fields.get("channel"))
        .put("ts", message.getString("ts"))
        .put("message", message);
  }

  private JsonObject postEphemeral(Map<String, String> fields) {
    if (fields.getOrDefault("user", "").isEmpty()) {
      return invalid("[ERROR] missing required field: user");
    }
    JsonObject reply = post(fields);
    if (!reply.getBoolean("ok")) {
      return reply;
    }
    channels.get(fields.get("channel")).getLast().put("only_for", fields.get("user"));
    return ok().put("message_ts", reply.getString("ts"));
  }

  private JsonObject message(Map<String, String> fields, String text) {
    JsonObject message =
        new JsonObject()
            .put("type", "message")
            .put("user", BOT)
            .put("bot_id", "B0BOT")
            .put("text", text)
            .put("ts", newTime())
            .put("blocks", new JsonArray(fields.getOrDefault("blocks", "[]")));
    if (fields.containsKey("thread_ts")) {
      message.put("thread_ts", fields.get("thread_ts"));
    }
    if (fields.containsKey("metadata")) {
      message.put("metadata", new JsonObject(fields.get("metadata")));
    }
    return message;
  }

  private JsonObject update(Map<String, String> fields) {
    String text = fields.getOrDefault("text", "");
    if (!isChannel(fields.get("channel"))) {
      return error("channel_not_found");
    }
    if (text.length() > MAX_UPDATE) {
      return error("msg_too_long");
    }
    for (JsonObject one : channels.getOrDefault(fields.get("channel"), List.of())) {
      if (one.getString("ts").equals(fields.get("ts")) && !one.containsKey("only_for")) {
        one.put("text", text).put("blocks", new JsonArray(fields.getOrDefault("blocks", "[]")));
        return ok().put("channel", fields.get("channel"))
            .put("ts", fields.get("ts"))
            .put("text", text);
      }
    }
    return error("message_not_found");
  }

  private JsonObject list(Map<String, String> fields) {
    if (!isChannel(fields.get("channel"))) {
      return error("channel_not_found");
    }
    JsonArray found = new JsonArray();
    for (JsonObject one : channels.getOrDefault(fields.get("channel"), List.of())) {
      boolean isIn =
          !fields.containsKey("ts") || fields.get("ts").equals(one.getString("thread_ts"));
      if (isIn && !one.containsKey("only_for")) {
        JsonObject shown = one.copy();
        if (!"true".equals(fields.get("include_all_metadata"))) {
          shown.remove("metadata");
        }
        found.add(shown);
      }
    }
    return ok().put("messages", found).put("has_more", false);
  }

  private static boolean isChannel(String channel) {
    return channel != null && channel.matches("[CDG][A-Z0-9]+") && !channel.equals("C0GONE");
  }

  private static JsonObject ok() {
    return new JsonObject().put("ok", true);
  }

  private static JsonObject error(String error) {
    return new JsonObject().put("ok", false).put("error", error);
  }

  private static JsonObject invalid(String message) {
    return error("invalid_arguments")
        .put("response_metadata", new JsonObject().put("messages", new JsonArray().add(message)));
  }

  private static void send(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(body.encode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

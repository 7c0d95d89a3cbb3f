package dev.concert.testing.chat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
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
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "auth.test", Set.of(),
          "files.getUploadURLExternal", Set.of("filename", "length"),
          "files.completeUploadExternal",
              Set.of("files", "channel_id", "thread_ts", "initial_comment"),
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
    /** Slack does nothing, and does not answer. */
    HELD_BEFORE,
    TOKEN_REVOKED
  }

  /** A message that somebody sees. */
  public record Message(
      String channel, String thread, String ts, String text, JsonArray blocks, String onlyFor) {}

  private static final Map<String, Integer> APPS = Map.of("xapp-1-played", 1, "xapp-2-played", 2);

  private final Vertx vertx = Vertx.vertx();
  private final PlayedFiles files = new PlayedFiles();
  private final FakeSlackUploads uploads = new FakeSlackUploads(files);
  private final FakeSlackSockets sockets = new FakeSlackSockets();
  private final HttpServer server;
  private final FakeSlackChannels channels = new FakeSlackChannels(this::newTime);
  private final FakeSlackStreams streams = new FakeSlackStreams(channels);
  private final Map<String, Deque<Fault>> faults = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Set<String> revoked = new HashSet<>();
  private volatile String socketHost = "127.0.0.1";
  private boolean isHeld;
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

  /** Its sockets are at this host from now on. */
  public void openSocketsAt(String host) {
    socketHost = host;
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

  /** The token of a team is taken away, or is good again. */
  public synchronized void revoke(int team, boolean isRevoked) {
    if (isRevoked) {
      revoked.add(token(team));
    } else {
      revoked.remove(token(team));
    }
  }

  /** All messages of ours, in all channels, as people see them now. */
  public synchronized List<Message> messages() {
    return channels.messages();
  }

  /** A person writes something, which stays in its thread. */
  public synchronized void written(String channel, String thread, String user, String text) {
    channels.written(channel, thread, user, text);
  }

  /** Whether a message of a channel grows. */
  public synchronized boolean isStreaming(String channel) {
    return streams.isOpen(channel);
  }

  /** Slack ends all streams, as it does five minutes after they began. */
  public synchronized void endStreams() {
    streams.endAll();
  }

  /** A channel takes no streams. */
  public synchronized void refuseStreams(String channel) {
    streams.close(channel);
  }

  /** The texts of all messages, as people see them now. */
  public List<String> texts() {
    return messages().stream().map(Message::text).toList();
  }

  /** The methods that were called, in order. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Whether somebody waits for an answer that does not come. */
  public synchronized boolean isHeld() {
    return isHeld;
  }

  /** A time that no other message has. */
  public synchronized String newTime() {
    time += 1000;
    return "%d.%06d".formatted(time / 1_000_000, time % 1_000_000);
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/files/")) {
      String header = String.valueOf(request.getHeader("Authorization"));
      files.give(request, TEAMS.containsKey(header.replaceFirst("^Bearer ", "")));
      return;
    }
    if (FakeSlackUploads.isUpload(request)) {
      request.body().onSuccess(body -> upload(request, body));
      return;
    }
    String method = request.path().substring(request.path().lastIndexOf('/') + 1);
    request.body().onSuccess(body -> answer(request, method, FormFields.of(body.toString())));
  }

  private synchronized void upload(HttpServerRequest request, Buffer content) {
    uploads.take(request, content);
  }

  /** A person's file in a message; only who has a token of a bot gets it. */
  public JsonObject file(String id, String name, String content) {
    files.sent(id, content);
    return new JsonObject()
        .put("id", id)
        .put("name", name)
        .put("mimetype", "text/plain")
        .put("size", content.length())
        .put(
            "url_private_download",
            "http://127.0.0.1:%d/files/%s".formatted(server.actualPort(), id));
  }

  /** What people sent, and got. */
  public PlayedFiles files() {
    return files;
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
    } else if (fault == Fault.HELD) {
      isHeld = true;
    } else {
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
      case HELD_BEFORE -> isHeld = true;
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
          .open(token, socketHost + ":" + server.actualPort())
          .orElse(error(TEAMS.containsKey(token) ? "not_allowed_token_type" : "invalid_auth"));
    }
    if (!TEAMS.containsKey(token)) {
      return error("invalid_auth");
    }
    Set<String> known = FakeSlackStreams.FIELDS.getOrDefault(method, FIELDS.get(method));
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
      case "chat.postMessage" -> channels.post(fields);
      case "chat.postEphemeral" -> channels.postEphemeral(fields);
      case "files.getUploadURLExternal" -> uploads.address(fields, server.actualPort());
      case "files.completeUploadExternal" -> uploads.complete(fields);
      case "chat.update" -> channels.update(fields);
      case "chat.startStream", "chat.appendStream", "chat.stopStream" ->
          streams.answer(method, fields);
      default -> channels.list(fields);
    };
  }

  static JsonObject ok() {
    return new JsonObject().put("ok", true);
  }

  static JsonObject error(String error) {
    return new JsonObject().put("ok", false).put("error", error);
  }

  static JsonObject invalid(String message) {
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

package dev.concert.testing.chat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A homeserver of Matrix with two application services, as far as bridges use it; source:
 * https://spec.matrix.org/v1.19/client-server-api, and the refusals of Synapse.
 */
public final class FakeMatrix implements AutoCloseable {
  private static final String SERVER = "played.test";
  private static final Map<String, String> BOTS =
      Map.of("Bearer " + asToken(1), bot(1), "Bearer " + asToken(2), bot(2));

  /** What goes wrong with the next new message. */
  public enum Fault {
    RATE_LIMITED,
    /** Neither header nor field says for how long. */
    RATE_LIMITED_WITHOUT_TIME,
    SERVER_ERROR,
    CUT_BEFORE,
    CUT_AFTER
  }

  /** A call: the path in its parts, after the version. */
  private record Call(HttpServerRequest request, String bot, List<String> path, Buffer body) {
    private String part(int index) {
      return index < path.size() ? path.get(index) : "";
    }

    private boolean is(String method, String... parts) {
      boolean isLike = request.method().name().equals(method) && path.size() == parts.length;
      for (int i = 0; isLike && i < parts.length; i++) {
        isLike = parts[i].equals("*") || parts[i].equals(path.get(i));
      }
      return isLike;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final FakeMatrixRooms rooms = new FakeMatrixRooms();
  private final HttpServer server;
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final Set<String> suspended = new HashSet<>();
  private final Set<String> registered = new HashSet<>();
  private final Set<String> typed = new HashSet<>();
  private int sent;

  public FakeMatrix() {
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  public URI api() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** By which the homeserver knows one of the two services, from 1. */
  public static String asToken(int service) {
    return "as-token-of-the-played-service-number-" + service;
  }

  /** By which a service knows the homeserver. */
  public static String hsToken(int service) {
    return "hs-token-of-the-played-service-number-" + service;
  }

  public static String bot(int service) {
    return user("concert" + service);
  }

  public static String user(String name) {
    return "@%s:%s".formatted(name, SERVER);
  }

  /** A room in which the bots are. */
  public synchronized String newRoom(boolean isDirect) {
    return rooms.create(isDirect, SERVER);
  }

  /** Somebody does something in a room; the event is as a service gets it. */
  public synchronized JsonObject say(String room, String user, String type, JsonObject content) {
    return rooms.add(room, user, type, content);
  }

  /** What happened in a room, the oldest first. */
  public synchronized List<JsonObject> events(String room) {
    return rooms.events(room);
  }

  /** A person gives the homeserver a file; its address. */
  public synchronized String upload(String content) {
    return "mxc://%s/%s".formatted(SERVER, rooms.store(Buffer.buffer(content)));
  }

  /** The content of a file. */
  public synchronized String file(String address) {
    return rooms.file(address.substring(address.lastIndexOf('/') + 1)).toString();
  }

  public synchronized void fail(Fault fault) {
    faults.add(fault);
  }

  /** The administrator suspends a bot: it may read, and say nothing. */
  public synchronized void suspend(int service, boolean isSuspended) {
    if (isSuspended) {
      suspended.add(bot(service));
    } else {
      suspended.remove(bot(service));
    }
  }

  /** How often somebody wanted to send a new message. */
  public synchronized int sent() {
    return sent;
  }

  /** Whether people of a room saw that somebody types. */
  public synchronized boolean isTyped(String room) {
    return typed.contains(room);
  }

  private void handle(HttpServerRequest request) {
    List<String> parts =
        Arrays.stream(request.path().substring(1).split("/"))
            .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
            .toList();
    String bot = BOTS.get(String.valueOf(request.getHeader("Authorization")));
    request
        .body()
        .onSuccess(
            body -> {
              if (bot == null) {
                refuse(request, 401, "M_UNKNOWN_TOKEN", "Unrecognised access token");
              } else if (parts.size() < 4) {
                refuse(request, 404, "M_UNRECOGNIZED", "Unrecognized request");
              } else {
                answer(new Call(request, bot, parts.subList(3, parts.size()), body));
              }
            });
  }

  private synchronized void answer(Call call) {
    HttpServerRequest request = call.request();
    boolean isInRoom = call.part(0).equals("rooms");
    if (isInRoom && !rooms.has(call.part(1))) {
      String none = "User %s not in room %s".formatted(call.bot(), call.part(1));
      refuse(request, 403, "M_FORBIDDEN", none);
    } else if (call.is("PUT", "rooms", "*", "send", "*", "*")) {
      send(call);
    } else if (call.is("GET", "account", "whoami")) {
      send(request, new JsonObject().put("user_id", call.bot()));
    } else if (call.is("POST", "register")) {
      register(call);
    } else if (call.is("PUT", "profile", "*", "displayname")
        || call.is("POST", "rooms", "*", "join")) {
      send(request, new JsonObject());
    } else if (call.is("PUT", "rooms", "*", "typing", "*")) {
      typed.add(call.part(1));
      send(request, new JsonObject());
    } else if (call.is("GET", "rooms", "*", "joined_members")) {
      send(request, rooms.members(call.part(1), call.bot()));
    } else if (call.is("GET", "rooms", "*", "event", "*")) {
      rooms
          .event(call.part(1), call.part(3))
          .ifPresentOrElse(
              event -> send(request, event),
              () -> refuse(request, 404, "M_NOT_FOUND", "Event not found."));
    } else if (call.is("GET", "rooms", "*", "messages")) {
      JsonObject filter = new JsonObject(request.getParam("filter"));
      send(request, chunk(rooms.sentBy(call.part(1), filter)));
    } else if (call.is("GET", "rooms", "*", "relations", "*", "m.thread")) {
      send(request, chunk(rooms.thread(call.part(1), call.part(3))));
    } else {
      media(call);
    }
  }

  private void media(Call call) {
    if (call.is("POST", "upload")) {
      String id = rooms.store(call.body());
      send(
          call.request(), new JsonObject().put("content_uri", "mxc://%s/%s".formatted(SERVER, id)));
    } else if (call.is("GET", "media", "download", SERVER, "*")) {
      call.request().response().end(rooms.file(call.part(3)));
    } else {
      refuse(call.request(), 404, "M_UNRECOGNIZED", "Unrecognized request");
    }
  }

  private void register(Call call) {
    if (registered.add(call.body().toJsonObject().getString("username"))) {
      send(call.request(), new JsonObject().put("user_id", call.bot()));
    } else {
      refuse(call.request(), 400, "M_USER_IN_USE", "User ID already taken.");
    }
  }

  private void send(Call call) {
    HttpServerRequest request = call.request();
    JsonObject content = call.body().toJsonObject();
    String type = call.part(3);
    boolean isNew = type.equals("m.room.message") && !FakeMatrixRooms.isChange(content);
    sent += isNew ? 1 : 0;
    if (suspended.contains(call.bot())) {
      String reason = "Sending messages while account is suspended is not allowed.";
      refuse(request, 403, "M_USER_SUSPENDED", reason);
      return;
    }
    Fault fault = isNew ? faults.poll() : null;
    switch (fault) {
      case RATE_LIMITED -> {
        request.response().putHeader("Retry-After", "1");
        refuse(request, 429, "M_LIMIT_EXCEEDED", "Too Many Requests");
      }
      case RATE_LIMITED_WITHOUT_TIME ->
          refuse(request, 429, "M_LIMIT_EXCEEDED", "Too Many Requests");
      case SERVER_ERROR -> request.response().setStatusCode(502).end("<html>Bad Gateway</html>");
      case CUT_BEFORE -> request.connection().close();
      case CUT_AFTER -> {
        take(call, type, content);
        request.connection().close();
      }
      case null -> {
        if (rooms.isTooLarge(call.body())) {
          refuse(request, 413, "M_TOO_LARGE", "event too large");
        } else {
          send(request, new JsonObject().put("event_id", take(call, type, content)));
        }
      }
    }
  }

  /** The same transaction id means the same event. */
  private String take(Call call, String type, JsonObject content) {
    return rooms.addOnce(
        call.bot() + " " + call.request().path(), call.part(1), call.bot(), type, content);
  }

  private static JsonObject chunk(List<JsonObject> events) {
    return new JsonObject().put("chunk", new JsonArray(events));
  }

  private static void refuse(HttpServerRequest request, int status, String code, String error) {
    HttpServerResponse response = request.response().setStatusCode(status);
    response
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("errcode", code).put("error", error).encode());
  }

  private static void send(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("Content-Type", "application/json").end(body.encode());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

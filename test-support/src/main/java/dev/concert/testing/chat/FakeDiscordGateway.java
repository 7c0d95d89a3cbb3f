package dev.concert.testing.chat;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Discord's gateway for the bots of a {@link FakeDiscord}; source:
 * https://docs.discord.com/developers/events/gateway. A session keeps its events, so that a
 * resumption gets what it missed.
 */
final class FakeDiscordGateway {
  private static final int DISPATCH = 0;
  private static final int HEARTBEAT = 1;
  private static final int IDENTIFY = 2;
  private static final int RESUME = 6;
  private static final int INVALID_SESSION = 9;
  private static final int HELLO = 10;
  private static final int ACKNOWLEDGED = 11;
  private static final short NOT_AUTHENTICATED = 4003;
  private static final short AUTHENTICATION_FAILED = 4004;
  private static final short UNKNOWN_OPCODE = 4001;

  /** A session of a bot. */
  private static final class Session {
    private final String id;
    private final int account;
    private final List<JsonObject> events = new ArrayList<>();
    private Optional<ServerWebSocket> socket = Optional.empty();

    private Session(String id, int account) {
      this.id = id;
      this.account = account;
    }

    private void dispatch(String type, JsonObject data) {
      JsonObject event =
          new JsonObject()
              .put("op", DISPATCH)
              .put("t", type)
              .put("s", events.size() + 1)
              .put("d", data);
      events.add(event);
      socket.ifPresent(one -> one.writeTextMessage(event.encode()));
    }
  }

  private final FakeDiscord discord;
  private final Map<String, Session> sessions = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private long heartbeatMs = 41_250;
  private boolean isSilent;

  FakeDiscordGateway(FakeDiscord discord) {
    this.discord = discord;
  }

  synchronized void heartbeat(long ms) {
    heartbeatMs = ms;
  }

  /** Whether connections stay open, and nothing is said on them. */
  synchronized void silent(boolean silent) {
    isSilent = silent;
  }

  synchronized List<String> log() {
    return List.copyOf(log);
  }

  synchronized boolean isConnected(int account) {
    return sessions.values().stream()
        .anyMatch(one -> one.account == account && one.socket.isPresent());
  }

  synchronized void dispatch(int account, String type, JsonObject data) {
    sessions.values().stream()
        .filter(one -> one.account == account)
        .forEach(
            one -> {
              Optional<ServerWebSocket> socket = one.socket;
              if (isSilent) {
                one.socket = Optional.empty();
              }
              one.dispatch(type, data);
              one.socket = socket;
            });
  }

  synchronized void cut(int account, short code) {
    sessions.values().stream()
        .filter(one -> one.account == account)
        .forEach(
            one -> {
              one.socket.ifPresent(socket -> socket.close(code));
              one.socket = Optional.empty();
            });
  }

  synchronized void opened(ServerWebSocket socket) {
    Session[] mine = {null};
    socket.textMessageHandler(text -> mine[0] = heard(socket, new JsonObject(text), mine[0]));
    socket.closeHandler(_ -> closed(socket));
    send(socket, HELLO, new JsonObject().put("heartbeat_interval", heartbeatMs));
  }

  private synchronized void closed(ServerWebSocket socket) {
    List.copyOf(sessions.values()).stream()
        .filter(one -> one.socket.filter(socket::equals).isPresent())
        .forEach(
            one -> {
              one.socket = Optional.empty();
              Short code = socket.closeStatusCode();
              // A client that says goodbye with one of these ends its session.
              if (code != null && (code == 1000 || code == 1001)) {
                sessions.remove(one.id);
              }
            });
  }

  private synchronized Session heard(ServerWebSocket socket, JsonObject payload, Session mine) {
    int op = payload.getInteger("op", -1);
    switch (op) {
      case HEARTBEAT -> {
        if (!isSilent) {
          socket.writeTextMessage(new JsonObject().put("op", ACKNOWLEDGED).encode());
        }
        return mine;
      }
      case IDENTIFY -> {
        return identified(socket, payload.getJsonObject("d"));
      }
      case RESUME -> {
        return resumed(socket, payload.getJsonObject("d"));
      }
      default -> {
        socket.close(mine == null ? NOT_AUTHENTICATED : UNKNOWN_OPCODE);
        return mine;
      }
    }
  }

  private Session identified(ServerWebSocket socket, JsonObject identify) {
    int account = FakeDiscord.account(identify.getString("token", ""));
    if (account == 0) {
      socket.close(AUTHENTICATION_FAILED);
      return null;
    }
    Session session = new Session("session-" + (log.size() + 1), account);
    log.add("identify " + account);
    sessions.values().removeIf(one -> one.account == account && one.socket.isEmpty());
    sessions.put(session.id, session);
    session.socket = Optional.of(socket);
    session.dispatch(
        "READY",
        new JsonObject()
            .put("v", 10)
            .put("user", FakeDiscord.bot(account))
            .put(
                "guilds",
                new JsonArray()
                    .add(new JsonObject().put("id", FakeDiscord.GUILD).put("unavailable", true)))
            .put("session_id", session.id)
            .put("resume_gateway_url", discord.gatewayUrl())
            .put(
                "application",
                new JsonObject().put("id", FakeDiscord.application(account)).put("flags", 0)));
    session.dispatch("GUILD_CREATE", guild());
    return session;
  }

  private static JsonObject guild() {
    JsonObject everyone =
        new JsonObject()
            .put("id", FakeDiscord.GUILD)
            .put("name", "@everyone")
            .put("permissions", "2147483647")
            .put("position", 0)
            .put("color", 0)
            .put("hoist", false)
            .put("managed", false)
            .put("mentionable", false);
    JsonObject channel =
        new JsonObject()
            .put("id", "2000001")
            .put("type", 0)
            .put("name", "general")
            .put("position", 0)
            .put("permission_overwrites", new JsonArray());
    return new JsonObject()
        .put("id", FakeDiscord.GUILD)
        .put("name", "Played")
        .put("owner_id", "3000001")
        .put("channels", new JsonArray().add(channel))
        .put("roles", new JsonArray().add(everyone))
        .put("members", new JsonArray())
        .put("threads", new JsonArray())
        .put("member_count", 1);
  }

  private Session resumed(ServerWebSocket socket, JsonObject resume) {
    Session session = sessions.get(resume.getString("session_id", ""));
    int account = FakeDiscord.account(resume.getString("token", ""));
    if (session == null || session.account != account) {
      log.add("invalid session");
      socket.writeTextMessage(new JsonObject().put("op", INVALID_SESSION).put("d", false).encode());
      return null;
    }
    log.add("resume " + account);
    session.socket = Optional.of(socket);
    int from = Math.clamp(resume.getInteger("seq", 0), 0, session.events.size());
    List.copyOf(session.events.subList(from, session.events.size()))
        .forEach(event -> socket.writeTextMessage(event.encode()));
    session.dispatch("RESUMED", new JsonObject());
    return session;
  }

  private static void send(ServerWebSocket socket, int op, JsonObject data) {
    socket.writeTextMessage(
        new JsonObject().put("op", op).put("d", data).putNull("s").putNull("t").encode());
  }
}

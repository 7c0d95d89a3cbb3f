package dev.concert.bridges.discord;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.error.FailureLog;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.retry.Backoff;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bot's connection to Discord's gateway. An event is taken before the next one; the session is
 * resumed after the last event that was taken, also by the next process, so none is lost while the
 * session lasts. A gateway that does not answer a heartbeat is left.
 */
final class DiscordGateway implements ChatReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(DiscordGateway.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);
  private static final int MAX_FRAME = 1 << 20;
  private static final int MAX_MESSAGE = 16 << 20;
  private static final int CONNECT_MS = 10_000;

  /** With another code than 1000 and 1001 the session can be resumed. */
  private static final short RESUME_LATER = 4900;

  /** Guilds, messages in guilds and in direct conversations, and what they say. */
  private static final int INTENTS = 1 | 1 << 9 | 1 << 12 | 1 << 15;

  /** After these codes nothing changes by trying again. */
  private static final Set<Integer> FINAL = Set.of(4004, 4010, 4011, 4012, 4013, 4014);

  /** After these codes the session is over. */
  private static final Set<Integer> SESSION_OVER = Set.of(1000, 1001, 4003, 4007, 4009);

  private final Vertx vertx;
  private final OutboundProxies proxies;
  private final DiscordApi api;
  private final ChatConnection connection;
  private final ChatInbox inbox;
  private final DiscordEvents events;
  private final WebSocketClient client;
  private Optional<DiscordSession> session = Optional.empty();
  private Optional<WebSocket> socket = Optional.empty();

  /** One whose event could not be taken: what comes after that comes again with the resumption. */
  private Optional<WebSocket> left = Optional.empty();

  private Future<Void> tail = Future.succeededFuture();
  private Health health = new Health(false, "Connecting to Discord.");

  /** The newest event that came; the heartbeat tells it. */
  private long heard = -1;

  private long beat = -1;
  private boolean isAnswered = true;
  private int failures;
  private boolean stopped;

  DiscordGateway(ChatNetwork network, DiscordApi api, ChatConnection connection, ChatInbox inbox) {
    this.vertx = network.vertx();
    this.proxies = network.proxies();
    this.api = api;
    this.connection = connection;
    this.inbox = inbox;
    this.events = new DiscordEvents(api, connection, inbox);
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setClosingTimeout(1)
                .setMaxFrameSize(MAX_FRAME)
                .setMaxMessageSize(MAX_MESSAGE));
  }

  @Override
  public void start() {
    inbox
        .bookmark()
        .onSuccess(kept -> session = kept.flatMap(DiscordSession::ofJson))
        .onComplete(_ -> connect());
  }

  @Override
  public void stop() {
    stopped = true;
    stopHeart();
    socket.ifPresent(one -> one.close(RESUME_LATER));
    client.close();
    health = new Health(false, "Stopped.");
  }

  @Override
  public Health health() {
    return health;
  }

  private void connect() {
    if (stopped) {
      return;
    }
    address()
        .compose(
            url -> {
              ClientWebSocket opening = client.webSocket();
              opening.textMessageHandler(text -> heard(opening, text));
              return opening.connect(
                  proxies.route(
                      new WebSocketConnectOptions()
                          .setAbsoluteURI(url.replaceAll("/+$", "") + "/?v=10&encoding=json")));
            })
        .onSuccess(this::opened)
        .onFailure(failure -> failed(failure.getMessage()));
  }

  private Future<String> address() {
    if (session.isPresent()) {
      return Future.succeededFuture(session.get().url());
    }
    return api.get(connection.secret(DiscordPlatform.BOT_TOKEN), "/gateway/bot")
        .compose(
            reply ->
                switch (reply) {
                  case ChatReply.Ok ok -> Future.succeededFuture(ok.body().path("url").asText());
                  case ChatReply.Refused refused when refused.status() == 401 -> {
                    stopped = true;
                    yield Future.failedFuture("Discord does not take the bot token any more.");
                  }
                  case ChatReply other -> Future.failedFuture("Discord does not answer now.");
                });
  }

  private void failed(String reason) {
    // The place where a session is resumed may be gone; the next try asks again.
    if (failures++ > 2) {
      session = Optional.empty();
    }
    health = new Health(false, reason == null ? "Discord cannot be reached." : reason);
    again(BACKOFF.after(failures));
  }

  private void again(Duration pause) {
    if (!stopped) {
      vertx.setTimer(Math.max(1, pause.toMillis()), _ -> connect());
    }
  }

  private void opened(WebSocket opened) {
    if (stopped) {
      opened.close(RESUME_LATER);
      return;
    }
    socket = Optional.of(opened);
    isAnswered = true;
    opened.exceptionHandler(_ -> opened.close(RESUME_LATER));
    opened.closeHandler(_ -> closed(opened));
  }

  private void closed(WebSocket closed) {
    stopHeart();
    socket = Optional.empty();
    int code = closed.closeStatusCode() == null ? 1006 : closed.closeStatusCode();
    if (stopped) {
      return;
    }
    if (FINAL.contains(code)) {
      stopped = true;
      health = new Health(false, reason(code));
      LOG.atWarn()
          .addKeyValue("tenantId", connection.tenantId())
          .log("Discord closed the connection for good: {}", health.message());
      return;
    }
    if (SESSION_OVER.contains(code)) {
      session = Optional.empty();
    }
    health = new Health(false, "Discord closed the connection; connecting again.");
    again(BACKOFF.after(Math.max(1, ++failures)));
  }

  private static String reason(int code) {
    return switch (code) {
      case 4004 -> "Discord does not take the bot token any more.";
      case 4014 ->
          "The bot may not read messages: switch on 'Message Content Intent' on its page 'Bot'.";
      default -> "Discord refuses the connection with code %d.".formatted(code);
    };
  }

  private void heard(WebSocket from, String text) {
    JsonNode payload;
    try {
      payload = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      from.close(RESUME_LATER);
      return;
    }
    switch (payload.path("op").asInt(-1)) {
      case 0 -> dispatched(from, payload);
      case 1 -> sendHeartbeat(from);
      case 7 -> from.close(RESUME_LATER);
      case 9 -> {
        if (!payload.path("d").asBoolean()) {
          session = Optional.empty();
        }
        from.close(RESUME_LATER);
      }
      case 10 -> greeted(from, payload.path("d").path("heartbeat_interval").asLong(45_000));
      case 11 -> isAnswered = true;
      default -> {
        // An opcode of a later version.
      }
    }
  }

  private void greeted(WebSocket from, long interval) {
    stopHeart();
    long first = Math.max(1, (long) (interval * ThreadLocalRandom.current().nextDouble()));
    beat = vertx.setTimer(first, _ -> beat(from, interval));
    ObjectNode hello = Json.MAPPER.createObjectNode();
    String token = connection.secret(DiscordPlatform.BOT_TOKEN);
    if (session.isPresent()) {
      heard = session.get().seq();
      hello
          .put("op", 6)
          .putObject("d")
          .put("token", token)
          .put("session_id", session.get().id())
          .put("seq", heard);
    } else {
      heard = -1;
      ObjectNode identify = hello.put("op", 2).putObject("d");
      identify.put("token", token).put("intents", INTENTS);
      identify
          .putObject("properties")
          .put("os", "linux")
          .put("browser", "concert")
          .put("device", "concert");
    }
    from.writeTextMessage(hello.toString());
  }

  private void beat(WebSocket to, long interval) {
    if (!isAnswered) {
      // A connection that looks open and says nothing: what it missed comes with the resumption.
      to.close(RESUME_LATER);
      return;
    }
    sendHeartbeat(to);
    isAnswered = false;
    beat = vertx.setTimer(interval, _ -> beat(to, interval));
  }

  private void sendHeartbeat(WebSocket to) {
    ObjectNode heartbeat = Json.MAPPER.createObjectNode().put("op", 1);
    if (heard < 0) {
      heartbeat.putNull("d");
    } else {
      heartbeat.put("d", heard);
    }
    to.writeTextMessage(heartbeat.toString());
  }

  private void stopHeart() {
    vertx.cancelTimer(beat);
  }

  private void dispatched(WebSocket from, JsonNode payload) {
    heard = payload.path("s").asLong(heard);
    String type = payload.path("t").asText("");
    JsonNode data = payload.path("d");
    if (type.equals("READY")) {
      session =
          Optional.of(
              new DiscordSession(
                  data.path("session_id").asText(),
                  data.path("resume_gateway_url").asText(),
                  heard));
    }
    if (type.equals("READY") || type.equals("RESUMED")) {
      failures = 0;
      health = new Health(true, "Connected to Discord.");
    }
    take(from, type, data, heard);
  }

  /** In order. Where an event cannot be taken, the session is resumed before it. */
  private void take(WebSocket from, String type, JsonNode data, long seq) {
    Future<Void> before = tail;
    tail =
        before.transform(
            _ ->
                left.filter(from::equals).isPresent()
                    ? Future.<Void>succeededFuture()
                    : events
                        .take(type, data)
                        .compose(taken -> taken || seq == 1 ? keep(seq) : passed(seq))
                        .recover(
                            failure -> {
                              FailureLog.write(
                                  LOG.atInfo(), "An event of Discord cannot be taken now", failure);
                              left = Optional.of(from);
                              from.close(RESUME_LATER);
                              return Future.succeededFuture();
                            }));
  }

  private Future<Void> passed(long seq) {
    session = session.map(one -> one.at(seq));
    return Future.succeededFuture();
  }

  private Future<Void> keep(long seq) {
    return passed(seq)
        .compose(
            _ -> session.map(one -> inbox.keep(one.toJson())).orElse(Future.succeededFuture()));
  }
}

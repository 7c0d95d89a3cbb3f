package dev.concert.bridges.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.ChatInbox;
import dev.concert.bridges.platform.ChatReceiver;
import dev.concert.bridges.platform.WebhookResult;
import dev.concert.error.FailureLog;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.retry.Backoff;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Socket Mode. An envelope is acknowledged once its events are durable: what is not acknowledged
 * comes again on the next socket. A socket that does not answer is left.
 */
final class SlackSocket implements ChatReceiver {
  static final String OPEN = "apps.connections.open";

  /** How often the socket is asked whether it is there; twice without an answer is too often. */
  static final Duration WATCH = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SlackSocket.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);
  private static final int MAX_MESSAGE = 4 << 20;
  private static final int CONNECT_MS = 10_000;
  private static final short GOING_AWAY = 1001;

  private final Vertx vertx;
  private final OutboundProxies proxies;
  private final SlackApi api;
  private final ChatConnection connection;
  private final ChatInbox inbox;
  private final Duration watch;
  private final WebSocketClient client;
  private Optional<WebSocket> socket = Optional.empty();
  private Health health = new Health(false, "Connecting to Slack.");
  private int unanswered;
  private long watchdog = -1;
  private int failures;
  private boolean stopped;

  /**
   * @param watch how often the socket is asked whether it is there
   */
  SlackSocket(
      ChatNetwork network,
      SlackApi api,
      ChatConnection connection,
      ChatInbox inbox,
      Duration watch) {
    this.vertx = network.vertx();
    this.proxies = network.proxies();
    this.api = api;
    this.connection = connection;
    this.inbox = inbox;
    this.watch = watch;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setClosingTimeout(1)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
  }

  @Override
  public void start() {
    connect();
  }

  @Override
  public void stop() {
    stopped = true;
    vertx.cancelTimer(watchdog);
    socket.ifPresent(one -> one.close(GOING_AWAY));
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
    // A client that is closed throws: Vert.x closes it before it stops us.
    Future.succeededFuture(OPEN)
        .compose(method -> api.call(connection.secret(SlackPlatform.APP_TOKEN), method, Map.of()))
        .onSuccess(this::answered)
        .onFailure(_ -> failed("Slack cannot be called now."));
  }

  private void answered(SlackReply reply) {
    if (stopped) {
      return;
    }
    switch (reply) {
      case SlackReply.Ok ok -> open(ok.body().path("url").asText());
      case SlackReply.Limited limited -> again(limited.pause());
      case SlackReply.Refused refused -> {
        stopped = true;
        health = new Health(false, "Slack does not take the app token: " + refused.error() + ".");
        LOG.atWarn()
            .addKeyValue("tenantId", connection.tenantId())
            .log("Slack opens no socket: {}", refused.error());
      }
      case SlackReply _ -> failed("Slack does not answer now.");
    }
  }

  private void open(String url) {
    Future.succeededFuture(url)
        .compose(
            address -> {
              ClientWebSocket opening = client.webSocket();
              opening.textMessageHandler(text -> heard(opening, text));
              opening.pongHandler(_ -> unanswered = 0);
              return opening.connect(
                  proxies.route(new WebSocketConnectOptions().setAbsoluteURI(address)));
            })
        .onSuccess(
            opened -> {
              if (stopped) {
                opened.close(GOING_AWAY);
                return;
              }
              socket = Optional.of(opened);
              unanswered = 0;
              watchdog = vertx.setPeriodic(watch.toMillis(), _ -> watch(opened));
              opened.exceptionHandler(_ -> opened.close(GOING_AWAY));
              opened.closeHandler(_ -> closed());
            })
        .onFailure(_ -> failed("Slack's socket cannot be reached."));
  }

  private void watch(WebSocket open) {
    if (++unanswered > 2) {
      open.close(GOING_AWAY);
    } else {
      open.writePing(Buffer.buffer("concert"));
    }
  }

  private void closed() {
    vertx.cancelTimer(watchdog);
    socket = Optional.empty();
    if (!stopped) {
      health = new Health(false, "Slack closed the socket; connecting again.");
      // Slack renews its sockets often: the first try is at once.
      again(failures++ == 0 ? Duration.ofMillis(1) : BACKOFF.after(failures));
    }
  }

  private void failed(String reason) {
    if (stopped) {
      return;
    }
    health = new Health(false, reason);
    again(BACKOFF.after(++failures));
  }

  private void again(Duration pause) {
    if (!stopped) {
      vertx.setTimer(Math.max(1, pause.toMillis()), _ -> connect());
    }
  }

  private void heard(WebSocket from, String text) {
    unanswered = 0;
    JsonNode message;
    try {
      message = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      from.close(GOING_AWAY);
      return;
    }
    String type = message.path("type").asText("");
    switch (type) {
      case "hello" -> {
        failures = 0;
        health = new Health(true, "Connected to Slack.");
      }
      case "disconnect" -> from.close(GOING_AWAY);
      default -> take(from, message.path("envelope_id").asText(""), type, message.path("payload"));
    }
  }

  private void take(WebSocket from, String envelope, String type, JsonNode payload) {
    WebhookResult read = SlackReader.envelope(connection, type, payload);
    Future<Void> taken =
        read instanceof WebhookResult.Events events
            ? inbox.receive(events.events())
            : inbox.receive(List.of());
    taken
        .onSuccess(
            _ ->
                from.writeTextMessage(
                    Json.MAPPER.createObjectNode().put("envelope_id", envelope).toString()))
        .onFailure(
            failure -> {
              FailureLog.write(LOG.atInfo(), "An envelope of Slack cannot be taken now", failure);
              from.close(GOING_AWAY);
            });
  }
}

package dev.concert.gateway.connection;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ClientProtocol;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Incoming;
import dev.concert.protocol.MessageReader;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket from its opening to its end: greeting, authentication, heartbeat, and the checks
 * that every frame passes before anything is done with it: size, rate, form, permission. Used on
 * the socket's context.
 */
public final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final long HEARTBEAT_MS = 30_000;
  private static final long STALE_MS = 35_000;
  private static final long AUTHENTICATION_MS = 10_000;

  /** Over this many refused messages in a row the client is not merely too fast, and is cut off. */
  private static final int MAX_REFUSED = 600;

  /** What is done with a message that passed every check. */
  public interface Listener {
    void opened(Client client);

    void message(Client client, Incoming.Valid message);

    void closed(Client client);
  }

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Authenticator authenticator;
  private final Listener listener;
  private final WebSocketClient client;
  private final MessageRate rate = new MessageRate();
  private long lastHeard = System.currentTimeMillis();
  private int refused;
  private long heartbeatTimer;
  private Runnable onClosed = () -> {};

  private Connection(
      Vertx vertx, ServerWebSocket socket, Authenticator authenticator, Listener listener) {
    this.vertx = vertx;
    this.socket = socket;
    this.authenticator = authenticator;
    this.listener = listener;
    this.client = new WebSocketClient(UUID.randomUUID().toString(), socket);
  }

  /** Takes over a socket that was just opened; called on its context. */
  public static Connection open(
      Vertx vertx, ServerWebSocket socket, Authenticator authenticator, Listener listener) {
    Connection connection = new Connection(vertx, socket, authenticator, listener);
    connection.open();
    return connection;
  }

  private void open() {
    socket.textMessageHandler(this::frame);
    socket.binaryMessageHandler(
        _ -> {
          refuse(null, ErrorCode.INVALID_MESSAGE, "Binary frames are not understood.");
          client.close(CloseCode.PROTOCOL_ERROR);
        });
    socket.pongHandler(_ -> lastHeard = System.currentTimeMillis());
    socket.exceptionHandler(failure -> LOG.debug("Client {} broke off", client.id(), failure));
    socket.closeHandler(_ -> gone());
    listener.opened(client);
    boolean requiresAuth = authenticator.everybody().isEmpty();
    client.reply(
        null,
        new ServerEvent.Welcome(ClientProtocol.VERSION, ClientProtocol.VERSIONS, requiresAuth));
    client.reply(
        null, new ServerEvent.Connected(client.id(), HEARTBEAT_MS, System.currentTimeMillis()));
    authenticator.everybody().ifPresent(who -> authenticated(null, who));
    if (requiresAuth) {
      vertx.setTimer(AUTHENTICATION_MS, _ -> closeUnlessAuthenticated());
    }
    heartbeatTimer = vertx.setPeriodic(HEARTBEAT_MS, _ -> beat());
  }

  private void closeUnlessAuthenticated() {
    if (client.identity() == null) {
      client.close(CloseCode.NOT_AUTHENTICATED);
    }
  }

  private void beat() {
    long now = System.currentTimeMillis();
    if (now - lastHeard > STALE_MS) {
      client.close(CloseCode.HEARTBEAT_LOST);
      return;
    }
    client.reply(null, new ServerEvent.Heartbeat(now));
    socket.writePing(io.vertx.core.buffer.Buffer.buffer("concert"));
  }

  private void gone() {
    vertx.cancelTimer(heartbeatTimer);
    client.gone();
    listener.closed(client);
    onClosed.run();
  }

  /** Called on the socket's context when the socket is closed, whoever closed it. */
  public void onClosed(Runnable work) {
    onClosed = work;
  }

  private void frame(String frame) {
    if (client.closed()) {
      return;
    }
    lastHeard = System.currentTimeMillis();
    if (isTooLarge(frame)) {
      refuse(
          null,
          ErrorCode.MESSAGE_TOO_LARGE,
          "The frame is larger than " + ClientProtocol.MAX_FRAME + " bytes.");
      return;
    }
    long wait = rate.admit(lastHeard);
    if (wait > 0) {
      tooFast(wait);
      return;
    }
    refused = 0;
    switch (MessageReader.read(frame)) {
      case Incoming.Refused bad -> client.refuse(bad.requestId(), bad.problem());
      case Incoming.Valid valid -> admit(valid);
    }
  }

  private static boolean isTooLarge(String frame) {
    return frame.length() > ClientProtocol.MAX_FRAME
        || (frame.length() > ClientProtocol.MAX_FRAME / 3
            && frame.getBytes(StandardCharsets.UTF_8).length > ClientProtocol.MAX_FRAME);
  }

  private void tooFast(long wait) {
    if (++refused > MAX_REFUSED) {
      client.close(CloseCode.RATE);
      return;
    }
    client.refuse(
        null,
        new Problem(
            ErrorCode.RATE_LIMITED,
            "More than %d messages in %d s."
                .formatted(MessageRate.MESSAGES, MessageRate.WINDOW_MS / 1000),
            wait));
  }

  private void admit(Incoming.Valid valid) {
    if (valid.message() instanceof ClientMessage.Authenticate authenticate) {
      authenticate(valid.requestId(), authenticate);
      return;
    }
    Identity who = client.identity();
    if (who == null) {
      refuse(valid.requestId(), ErrorCode.UNAUTHENTICATED, "The connection is not authenticated.");
      return;
    }
    valid
        .row()
        .permission()
        .filter(needed -> !who.permissions().contains(needed))
        .ifPresentOrElse(
            missing ->
                refuse(
                    valid.requestId(),
                    ErrorCode.FORBIDDEN,
                    "You lack the permission '" + missing.wireName() + "'."),
            () -> listener.message(client, valid));
  }

  private void authenticate(String requestId, ClientMessage.Authenticate message) {
    Integer version = message.protocolVersion();
    if (version != null && !ClientProtocol.VERSIONS.contains(version)) {
      refuse(
          requestId,
          ErrorCode.PROTOCOL_VERSION_MISMATCH,
          "This server speaks the versions " + ClientProtocol.VERSIONS + ".");
      return;
    }
    authenticator
        .authenticate(message.token())
        .onSuccess(who -> authenticated(requestId, who))
        .onFailure(failure -> refused(requestId, failure));
  }

  private void refused(String requestId, Throwable failure) {
    if (!(failure instanceof ConcertException)) {
      LOG.error("Authentication failed for another reason than the token", failure);
    }
    client.refuse(requestId, Problem.of(failure));
  }

  private void authenticated(String requestId, Identity who) {
    client.identify(who);
    client.reply(requestId, new ServerEvent.Authenticated(who));
  }

  private void refuse(String requestId, ErrorCode code, String message) {
    client.refuse(requestId, new Problem(code, message));
  }

  /** Says goodbye and closes. */
  public void shutdown(String reason, long reconnectAfterMs) {
    client.reply(null, new ServerEvent.ServerShutdown(reason, reconnectAfterMs));
    client.close(CloseCode.RESTART);
  }
}

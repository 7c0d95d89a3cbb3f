package dev.concert.gateway.connection;

import dev.concert.contract.ApiRequestReader;
import dev.concert.contract.ClientFrame;
import dev.concert.contract.ContractTable;
import dev.concert.contract.WireProtocol;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket from its opening to its end: greeting, heartbeat, and the checks that every frame
 * passes before it is dispatched: size, rate and form. Used on the socket's context.
 */
public final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final long AUTHENTICATION_MS = 10_000;

  /**
   * Messages up to this size are read, so that one over the protocol's limit is refused with a code
   * and an id. A larger one closes the connection with 1009.
   */
  public static final int MAX_READ = 4 << 20;

  /** Over this many refused messages in a row the client is not merely too fast, and is cut off. */
  private static final int MAX_REFUSED = 600;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Handshake handshake;
  private final Authenticator authenticator;
  private final ConnectedClients clients;
  private final MessageHandler handler;
  private final WebSocketClient client;
  private final MessageRate rate = new MessageRate();
  private final Heartbeat heartbeat = new Heartbeat();
  private Future<Void> authentication = Future.succeededFuture();
  private int refused;
  private boolean shutdownAnnounced;
  private long heartbeatTimer;
  private Runnable onClosed = () -> {};

  private Connection(
      Vertx vertx,
      StrictWebSocket socket,
      Handshake handshake,
      Authenticator authenticator,
      AccessWatch access,
      ConnectedClients clients,
      MessageHandler handler) {
    this.vertx = vertx;
    this.socket = socket.socket();
    this.authenticator = authenticator;
    this.clients = clients;
    this.handler = handler;
    this.handshake = handshake;
    this.client =
        new WebSocketClient(
            vertx,
            UUID.randomUUID().toString(),
            socket.pingHandler(this::ping),
            handshake.address(),
            access);
  }

  /** Takes over a socket that was just opened; called on its context. */
  public static Connection open(
      Vertx vertx,
      StrictWebSocket socket,
      Handshake handshake,
      Authenticator authenticator,
      AccessWatch access,
      ConnectedClients clients,
      MessageHandler handler) {
    Connection connection =
        new Connection(vertx, socket, handshake, authenticator, access, clients, handler);
    connection.open();
    return connection;
  }

  private void open() {
    socket.textMessageHandler(this::frame);
    socket.binaryMessageHandler(
        _ -> {
          refuse(ErrorCode.INVALID_MESSAGE, "Binary frames are not understood.");
          client.close(CloseCode.PROTOCOL_ERROR);
        });
    socket.pongHandler(_ -> heartbeat.heard());
    socket.exceptionHandler(failure -> LOG.debug("Client {} broke off", client.id(), failure));
    socket.closeHandler(_ -> gone());
    clients.add(client);
    handshake.protocol().ifPresent(client::speak);
    boolean requiresAuth = authenticator.everybody().isEmpty();
    client.reply(
        Optional.empty(),
        new ServerEvent.Welcome(WireProtocol.VERSION, WireProtocol.VERSIONS, requiresAuth));
    client.reply(
        Optional.empty(),
        new ServerEvent.Connected(client.id(), Heartbeat.INTERVAL_MS, System.currentTimeMillis()));
    admit();
    beatLater();
  }

  /** A token that decides is looked at also where clients need none: it may limit its bearer. */
  private void admit() {
    Optional<String> token = handshake.token().filter(authenticator::decides);
    Optional<Identity> everybody = authenticator.everybody().filter(_ -> token.isEmpty());
    everybody.ifPresent(
        who -> {
          client.admit(who);
          client.reply(Optional.empty(), new ServerEvent.Authenticated(who));
        });
    if (everybody.isEmpty()) {
      vertx.setTimer(AUTHENTICATION_MS, _ -> closeUnlessAuthenticated());
    }
    token.ifPresent(
        shown ->
            authenticate(
                new ClientFrame.Valid(
                    Optional.empty(),
                    ContractTable.AUTHENTICATE,
                    new ClientMessage.Authenticate(shown, null))));
  }

  /** What the client sends meanwhile waits, so that it need not wait itself. */
  private void authenticate(ClientFrame.Valid frame) {
    Context context = vertx.getOrCreateContext();
    Future<Void> answered = handler.handle(client, frame);
    authentication = answered;
    if (!answered.isComplete()) {
      socket.pause();
      answered.onComplete(_ -> context.runOnContext(_ -> socket.resume()));
    }
  }

  /**
   * A token that came in time is looked at to the end, however slow the issuer or the server is.
   */
  private void closeUnlessAuthenticated() {
    authentication.onComplete(
        _ -> {
          if (client.identity().isEmpty()) {
            client.close(CloseCode.NOT_AUTHENTICATED);
          }
        });
  }

  /** Not periodic: after a delay, two beats would follow at once. */
  private void beatLater() {
    heartbeatTimer = vertx.setTimer(Heartbeat.INTERVAL_MS, _ -> beat());
  }

  private void beat() {
    if (!heartbeat.beat()) {
      client.close(CloseCode.HEARTBEAT_LOST);
      return;
    }
    client.reply(Optional.empty(), new ServerEvent.Heartbeat(System.currentTimeMillis()));
    socket.writePing(Buffer.buffer("concert"));
    beatLater();
  }

  private void gone() {
    vertx.cancelTimer(heartbeatTimer);
    client.gone();
    client.sessions().leaveAll();
    clients.remove(client);
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
    heartbeat.heard();
    long wait = rate.admit(SteadyClock.millis());
    if (wait > 0) {
      tooFast(frame, wait);
      return;
    }
    refused = 0;
    if (isTooLarge(frame)) {
      refuse(
          ErrorCode.MESSAGE_TOO_LARGE,
          "The frame is larger than " + WireProtocol.MAX_FRAME + " bytes.");
      return;
    }
    switch (ApiRequestReader.read(frame)) {
      case ClientFrame.Refused refusal -> client.refuse(refusal.requestId(), refusal.problem());
      case ClientFrame.Valid valid when valid.operation() == ContractTable.AUTHENTICATE ->
          authenticate(valid);
      case ClientFrame.Valid valid -> handler.handle(client, valid);
    }
  }

  private static boolean isTooLarge(String frame) {
    return frame.length() > WireProtocol.MAX_FRAME
        || (frame.length() > WireProtocol.MAX_FRAME / 3
            && frame.getBytes(StandardCharsets.UTF_8).length > WireProtocol.MAX_FRAME);
  }

  /** A ping counts like a message. One that is too much gets no pong, which RFC 6455 allows. */
  private void ping(Buffer payload) {
    if (client.closed()) {
      return;
    }
    heartbeat.heard();
    if (rate.admit(SteadyClock.millis()) == 0) {
      refused = 0;
      client.pong(payload);
    } else if (++refused > MAX_REFUSED) {
      client.close(CloseCode.RATE);
    }
  }

  private void tooFast(String frame, long wait) {
    if (++refused > MAX_REFUSED) {
      client.close(CloseCode.RATE);
      return;
    }
    client.refuse(
        isTooLarge(frame) ? Optional.empty() : ApiRequestReader.requestId(frame),
        new Problem(
            ErrorCode.RATE_LIMITED,
            "More than %d messages in %d s."
                .formatted(MessageRate.MESSAGES, MessageRate.WINDOW_MS / 1000),
            wait));
  }

  private void refuse(ErrorCode code, String message) {
    client.refuse(Optional.empty(), new Problem(code, message));
  }

  /** Tells the client once that the server is about to stop. */
  public void announceShutdown(String reason, long reconnectAfterMs) {
    if (!shutdownAnnounced) {
      shutdownAnnounced = true;
      client.reply(Optional.empty(), new ServerEvent.ServerShutdown(reason, reconnectAfterMs));
    }
  }

  public void disconnectForRestart() {
    client.close(CloseCode.RESTART);
  }
}

package dev.concert.gateway.connection;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client at the other end of a WebSocket. */
final class WebSocketClient implements Client {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketClient.class);

  /** No reply is longer than this: the other half is left for events. */
  private static final long MAX_REPLY = Backlog.MAX / 2;

  private final String id;
  private final ServerWebSocket socket;
  private final StrictWebSocket strict;
  private final Backlog backlog = new Backlog();
  private final JoinedSessions sessions = new JoinedSessions(this);
  private final LargeReplies largeReplies = new LargeReplies(this);
  private volatile WebSocketProtocol protocol = WebSocketProtocol.VERSION_1;
  private final SignIn signIn;
  private final InetAddress address;
  private volatile boolean closed;

  WebSocketClient(
      Vertx vertx, String id, StrictWebSocket strict, InetAddress address, AccessWatch access) {
    this.id = id;
    this.address = address;
    this.signIn = new SignIn(vertx, access, () -> close(CloseCode.NOT_AUTHENTICATED));
    this.socket = strict.socket();
    this.strict = strict;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Optional<Identity> identity() {
    return signIn.identity();
  }

  @Override
  public void identify(Authentication shown) {
    signIn.show(shown);
  }

  /** The client needs no credential. */
  void admit(Identity everybody) {
    signIn.admit(everybody);
  }

  @Override
  public InetAddress address() {
    return address;
  }

  @Override
  public void changeRights(Identity now) {
    signIn.changeRights(now);
  }

  @Override
  public void withdraw() {
    close(CloseCode.NOT_AUTHENTICATED);
  }

  @Override
  public WebSocketProtocol protocol() {
    return protocol;
  }

  @Override
  public void speak(WebSocketProtocol negotiated) {
    protocol = negotiated;
  }

  @Override
  public JoinedSessions sessions() {
    return sessions;
  }

  @Override
  public LargeReplies largeReplies() {
    return largeReplies;
  }

  @Override
  public void send(String json) {
    write(json.length(), () -> socket.writeTextMessage(json));
  }

  /** Answers a ping; the pong counts like every frame that the client does not read. */
  void pong(Buffer payload) {
    write(payload.length(), () -> socket.writePong(payload));
  }

  private void write(int length, Supplier<Future<Void>> frame) {
    if (closed) {
      return;
    }
    if (!backlog.add(length)) {
      LOG.info("Client {} reads too slowly and is cut off", id);
      close(CloseCode.SLOW_CONSUMER);
      return;
    }
    frame.get().onComplete(_ -> backlog.sent(length));
  }

  @Override
  public Future<Void> writable() {
    return backlog.writable();
  }

  @Override
  public void reply(Optional<String> requestId, ServerEvent event) {
    sendReply(EventCodec.encode(event, requestId.orElse(null)));
  }

  @Override
  public void replyWith(Optional<String> requestId, Record reply) {
    sendReply(EventCodec.encodeReply(reply, requestId.orElse(null)));
  }

  private void sendReply(String json) {
    if (json.length() > MAX_REPLY) {
      throw new ConcertException(
          ErrorCode.FILE_TOO_LARGE,
          "The reply has %d characters, and one message may have %d."
              .formatted(json.length(), MAX_REPLY));
    }
    send(json);
  }

  @Override
  public void reply(Optional<String> requestId, SessionEvent event) {
    sessions
        .feedOf(event.sessionId())
        .ifPresentOrElse(
            feed -> feed.reply(requestId, event),
            () -> send(EventCodec.encode(event, requestId.orElse(null))));
  }

  @Override
  public void refuse(Optional<String> requestId, Problem problem) {
    reply(
        requestId,
        new ServerEvent.Error(
            problem.code().name(),
            problem.forPerson(),
            problem.retryAfterMs() > 0 ? problem.retryAfterMs() : null));
  }

  void close(CloseCode code) {
    if (!closed) {
      closed = true;
      strict.close(code.number(), code.reason());
      gone();
    }
  }

  /** The socket is closed, whoever closed it. */
  void gone() {
    signIn.close();
    closed = true;
    backlog.close();
  }

  @Override
  public boolean closed() {
    return closed;
  }
}

package dev.concert.gateway.dispatch;

import dev.concert.error.Problem;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.JoinedSessions;
import dev.concert.gateway.connection.LargeReplies;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that keeps the frames that it was sent. */
public final class RecordingClient implements Client {
  private WebSocketProtocol protocol = WebSocketProtocol.VERSION_1;
  public static final Identity OWNER = Identity.of("u", "u@example.com", "t", Role.OWNER);

  public final List<String> frames = new CopyOnWriteArrayList<>();
  private Optional<Identity> identity;

  public RecordingClient(Optional<Identity> identity) {
    this.identity = identity;
  }

  @Override
  public String id() {
    return "recording";
  }

  @Override
  public InetAddress address() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public Optional<Identity> identity() {
    return identity;
  }

  @Override
  public void changeRights(Identity now) {}

  @Override
  public void withdraw() {}

  @Override
  public WebSocketProtocol protocol() {
    return protocol;
  }

  @Override
  public void speak(WebSocketProtocol negotiated) {
    protocol = negotiated;
  }

  @Override
  public void identify(Authentication shown) {
    identity = Optional.of(shown.identity());
  }

  @Override
  public JoinedSessions sessions() {
    throw new UnsupportedOperationException("No session is joined here");
  }

  @Override
  public LargeReplies largeReplies() {
    return new LargeReplies(this);
  }

  @Override
  public void send(String json) {
    frames.add(json);
  }

  @Override
  public Future<Void> writable() {
    return Future.succeededFuture();
  }

  @Override
  public void replyWith(Optional<String> requestId, Record reply) {
    send(EventCodec.encodeReply(reply, requestId.orElse(null)));
  }

  @Override
  public void reply(Optional<String> requestId, ServerEvent event) {
    send(EventCodec.encode(event, requestId.orElse(null)));
  }

  @Override
  public void reply(Optional<String> requestId, SessionEvent event) {
    send(EventCodec.encode(event, requestId.orElse(null)));
  }

  @Override
  public void refuse(Optional<String> requestId, Problem problem) {
    reply(requestId, new ServerEvent.Error(problem.code().name(), problem.forPerson(), null));
  }

  @Override
  public boolean closed() {
    return false;
  }
}

package dev.concert.gateway.connection;

import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.Optional;

/** A connected client, as the rest of the gateway sees it. Any thread may call it. */
public interface Client {

  String id();

  /** Who the client is; empty until it is authenticated. */
  Optional<Identity> identity();

  /** From where it comes. */
  InetAddress address();

  /**
   * The client has shown who it is. Its connection ends when its credential does, unless it shows
   * another one before.
   *
   * @throws ConcertException {@code AUTH_FAILED} when the client showed before that it is another
   */
  void identify(Authentication shown);

  /** What the client may do has changed; its credential is the same. */
  void changeRights(Identity now);

  /** What the client had shown counts no more: the connection ends. */
  void withdraw();

  /** The protocol in which the client gets events. */
  WebSocketProtocol protocol();

  /** The client negotiated this protocol; it holds for the sessions that it joins from now on. */
  void speak(WebSocketProtocol protocol);

  /** The sessions whose events the client gets. */
  JoinedSessions sessions();

  /** The replies that are prepared one after the other. */
  LargeReplies largeReplies();

  /** Sends a frame. A client that does not read is cut off, never waited for. */
  void send(String json);

  /**
   * Completes when the client has taken in most of what was sent: for long replays, which wait for
   * their reader. Fails when the client is gone.
   */
  Future<Void> writable();

  /**
   * Sends an event that belongs to no session's log.
   *
   * @param requestId of the request that it answers; empty for none
   * @throws RuntimeException when the event cannot be encoded; then nothing was sent
   */
  void reply(Optional<String> requestId, ServerEvent event);

  /**
   * Answers a request with an event of a session's log. A client that joined the session gets it
   * once, in its place among the other events.
   *
   * @throws RuntimeException when the event cannot be encoded; then nothing was sent
   */
  void reply(Optional<String> requestId, SessionEvent event);

  /**
   * Answers a request with a record that is no event.
   *
   * @throws RuntimeException when it cannot be encoded; then nothing was sent
   */
  void replyWith(Optional<String> requestId, Record reply);

  /** Says what went wrong. */
  void refuse(Optional<String> requestId, Problem problem);

  boolean closed();
}

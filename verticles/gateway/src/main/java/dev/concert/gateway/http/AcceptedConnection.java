package dev.concert.gateway.http;

import dev.concert.gateway.auth.PeerUser;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A connection to the gateway, from its acceptance on. Used on its event loop. */
final class AcceptedConnection {
  private static final AttributeKey<AcceptedConnection> KEY =
      AttributeKey.valueOf(AcceptedConnection.class, "connection");

  private final Channel channel;
  private final boolean withinLimits;
  private final Future<PeerUser> user;
  private int requests;
  private long deadline;

  /**
   * @param user whose program it is, as soon as that is known
   */
  AcceptedConnection(Channel channel, boolean withinLimits, Future<PeerUser> user) {
    this.channel = channel;
    this.withinLimits = withinLimits;
    this.user = user;
    channel.attr(KEY).set(this);
  }

  static Channel channelOf(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }

  static AcceptedConnection of(HttpConnection connection) {
    return channelOf(connection).attr(KEY).get();
  }

  Channel channel() {
    return channel;
  }

  boolean isWithinLimits() {
    return withinLimits;
  }

  Future<PeerUser> user() {
    return user;
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  InetAddress address() {
    return ((InetSocketAddress) channel.remoteAddress()).getAddress();
  }

  /** It waits for a request, until this sweep of the connections. */
  void waitUntil(long sweep) {
    deadline = sweep;
  }

  boolean isOverdue(long sweep) {
    return sweep > deadline;
  }

  void requestBegan() {
    requests++;
  }

  /** Whether no request is left. A connection that became a WebSocket has always one. */
  boolean requestEnded() {
    return --requests == 0 && channel.pipeline().get("wsdecoder") == null;
  }
}

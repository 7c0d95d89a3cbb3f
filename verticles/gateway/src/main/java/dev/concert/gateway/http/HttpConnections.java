package dev.concert.gateway.http;

import dev.concert.gateway.auth.LocalCallers;
import dev.concert.gateway.auth.PeerUser;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The connections of one listener that wait for a request, and how long they may. A request counts
 * when its headers are complete, however slowly they come. Used on the listener's context.
 */
final class HttpConnections {
  /** For the first request of a connection. */
  private static final long FIRST_REQUEST_MS = 10_000;

  /** For each further one. */
  private static final long NEXT_REQUEST_MS = 75_000;

  private static final long SWEEP_MS = 1_000;

  /** If more wait for their first request, those that are not young any more are closed. */
  private static final int MOST_SILENT = 500;

  /**
   * One that is so young is kept: when thousands connect at once, their requests are there but not
   * read yet.
   */
  private static final long YOUNG_MS = 5_000;

  private final ConnectionLimits limits;
  private final Optional<LocalCallers> callers;

  /** Both have the one that came first in front. */
  private final Set<AcceptedConnection> silent = new LinkedHashSet<>();

  private final Set<AcceptedConnection> idle = new LinkedHashSet<>();

  /**
   * @param callers empty where everybody authenticates, so that it does not matter whose a program
   *     is
   */
  HttpConnections(Vertx vertx, ConnectionLimits limits, Optional<LocalCallers> callers) {
    this.limits = limits;
    this.callers = callers;
    vertx.setPeriodic(SWEEP_MS, _ -> sweep(System.currentTimeMillis()));
  }

  void accepted(HttpConnection connection) {
    Channel channel = AcceptedConnection.channelOf(connection);
    InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress own = (InetSocketAddress) channel.localAddress();
    if (peer == null || own == null) {
      channel.close();
      return;
    }
    InetAddress address = peer.getAddress();
    Future<PeerUser> user =
        callers
            .map(known -> known.userOf(peer, own))
            .orElseGet(() -> Future.succeededFuture(PeerUser.UNKNOWN));
    AcceptedConnection accepted = new AcceptedConnection(channel, limits.enter(address), user);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              limits.leave(address);
              silent.remove(accepted);
              idle.remove(accepted);
            });
    long now = System.currentTimeMillis();
    accepted.waitUntil(now + FIRST_REQUEST_MS);
    silent.add(accepted);
    if (silent.size() > MOST_SILENT) {
      closeOverdue(silent, now + FIRST_REQUEST_MS - YOUNG_MS, MOST_SILENT);
    }
  }

  /** The headers of a request are complete. */
  void requestBegan(AcceptedConnection connection) {
    silent.remove(connection);
    idle.remove(connection);
    connection.requestBegan();
  }

  /** The response was sent, or cannot be. */
  void requestEnded(AcceptedConnection connection) {
    if (connection.requestEnded() && connection.channel().isActive()) {
      connection.waitUntil(System.currentTimeMillis() + NEXT_REQUEST_MS);
      idle.add(connection);
    }
  }

  private void sweep(long now) {
    closeOverdue(silent, now, 0);
    closeOverdue(silent, now + FIRST_REQUEST_MS - YOUNG_MS, MOST_SILENT);
    closeOverdue(idle, now, 0);
  }

  /** Closes those whose time is over by {@code moment}, until so many are left. */
  private static void closeOverdue(Set<AcceptedConnection> waiting, long moment, int left) {
    Iterator<AcceptedConnection> oldest = waiting.iterator();
    while (waiting.size() > left && oldest.hasNext()) {
      AcceptedConnection next = oldest.next();
      if (!next.isOverdue(moment)) {
        return;
      }
      oldest.remove();
      next.channel().close();
    }
  }
}

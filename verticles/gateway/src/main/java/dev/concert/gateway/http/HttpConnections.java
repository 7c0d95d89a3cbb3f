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
  /** Sweeps that a connection may wait for its first request. */
  private static final int FIRST_REQUEST = 10;

  /** And for each further one. */
  private static final int NEXT_REQUEST = 75;

  private static final long SWEEP_MS = 1_000;

  /** If more wait for their first request, those that are not young any more are closed. */
  private static final int MOST_SILENT = 500;

  /**
   * One that is so young is kept: when thousands connect at once, their requests are there but not
   * read yet.
   */
  private static final int YOUNG = 5;

  private final ConnectionLimits limits;
  private final Optional<LocalCallers> callers;

  /** Both have the one that came first in front. */
  private final Set<AcceptedConnection> silent = new LinkedHashSet<>();

  private final Set<AcceptedConnection> idle = new LinkedHashSet<>();

  /**
   * Times are counted in sweeps, not by the clock. A busy event loop sweeps late, and has read what
   * came meanwhile before it does: so nobody is closed who has sent a request.
   */
  private long sweeps;

  /**
   * @param callers empty where everybody authenticates, so that it does not matter whose a program
   *     is
   */
  HttpConnections(Vertx vertx, ConnectionLimits limits, Optional<LocalCallers> callers) {
    this.limits = limits;
    this.callers = callers;
    sweepSoon(vertx);
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
    accepted.waitUntil(sweeps + FIRST_REQUEST);
    silent.add(accepted);
    closeSilent();
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
      connection.waitUntil(sweeps + NEXT_REQUEST);
      idle.add(connection);
    }
  }

  /** Not periodic: after a delay, several sweeps would follow at once. */
  private void sweepSoon(Vertx vertx) {
    vertx.setTimer(
        SWEEP_MS,
        _ -> {
          sweeps++;
          closeOverdue(silent, sweeps, 0);
          closeOverdue(idle, sweeps, 0);
          closeSilent();
          sweepSoon(vertx);
        });
  }

  private void closeSilent() {
    closeOverdue(silent, sweeps + FIRST_REQUEST - YOUNG, MOST_SILENT);
  }

  /** Closes those whose time is over at that sweep, until so many are left. */
  private static void closeOverdue(Set<AcceptedConnection> waiting, long sweep, int left) {
    Iterator<AcceptedConnection> oldest = waiting.iterator();
    while (waiting.size() > left && oldest.hasNext()) {
      AcceptedConnection next = oldest.next();
      if (!next.isOverdue(sweep)) {
        return;
      }
      oldest.remove();
      next.channel().close();
    }
  }
}

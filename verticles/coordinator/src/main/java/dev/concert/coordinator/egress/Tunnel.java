package dev.concert.coordinator.egress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;

/**
 * Carries bytes both ways between an agent and a destination, each way at the reader's pace. When
 * one side ends, the other receives what is on its way, and is closed.
 */
final class Tunnel {
  /** For what is on its way to a destination whose agent has hung up. */
  private static final long LAST_BYTES_MS = 5_000;

  private final Vertx vertx;
  private final CountedStream sent;
  private final CountedStream received;
  private final NetSocket agent;
  private final NetSocket destination;

  Tunnel(Vertx vertx, NetSocket agent, NetSocket destination) {
    this.vertx = vertx;
    this.agent = agent;
    this.destination = destination;
    this.sent = new CountedStream(agent);
    this.received = new CountedStream(destination);
  }

  /** Completes when both ways have ended, however they ended. */
  Future<Void> run() {
    // A paused stream does not end, so a destination that reads nothing would keep the tunnel.
    agent.closeHandler(_ -> vertx.setTimer(LAST_BYTES_MS, _ -> destination.close()));
    return Future.join(sent.pipeTo(destination), received.pipeTo(agent))
        .<Void>mapEmpty()
        .otherwiseEmpty()
        .onComplete(
            _ -> {
              agent.close();
              destination.close();
            });
  }

  long bytesSent() {
    return sent.bytes();
  }

  long bytesReceived() {
    return received.bytes();
  }
}

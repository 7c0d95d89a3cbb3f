package dev.concert.coordinator.egress;

import java.time.Duration;

/** Receives what an agent does on the network. Called on the proxy's event loop. */
interface EgressListener {

  /** The policy, a limit or the network refused a destination. */
  void refused(String destination, String reason);

  /** A connection ended. */
  void closed(String destination, long bytesSent, long bytesReceived, Duration duration);

  /** The agent ended, and all of its connections. */
  void ended();
}

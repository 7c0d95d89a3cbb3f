package dev.concert.coordinator.egress;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what one agent does on the network, and logs it with its session: a line for each
 * connection, at most {@value #LINES_A_MINUTE} a minute, and the sums, if there are any, when the
 * agent ends. Belongs to one event loop.
 */
final class EgressLog implements EgressListener {
  private static final Logger LOG = LoggerFactory.getLogger(EgressLog.class);
  private static final int LINES_A_MINUTE = 120;
  private static final long MINUTE_NS = Duration.ofMinutes(1).toNanos();

  private final String sessionId;
  private long connections;
  private long refused;
  private long sent;
  private long received;
  private long minute = System.nanoTime();
  private int lines;

  EgressLog(String sessionId) {
    this.sessionId = sessionId;
  }

  @Override
  public void refused(String destination, String reason) {
    refused++;
    if (mayLog()) {
      LOG.atInfo()
          .addKeyValue("sessionId", sessionId)
          .log("Session {}: {} refused. {}", sessionId, destination, reason);
    }
  }

  @Override
  public void closed(String destination, long bytesSent, long bytesReceived, Duration duration) {
    connections++;
    sent += bytesSent;
    received += bytesReceived;
    if (mayLog()) {
      LOG.info(
          "Session {}: {} sent {} B, received {} B in {} ms",
          sessionId,
          destination,
          bytesSent,
          bytesReceived,
          duration.toMillis());
    }
  }

  /** An agent that floods the proxy must not flood the log. */
  private boolean mayLog() {
    long now = System.nanoTime();
    if (now - minute > MINUTE_NS) {
      minute = now;
      lines = 0;
    }
    return ++lines <= LINES_A_MINUTE;
  }

  @Override
  public void ended() {
    if (connections + refused > 0) {
      LOG.info(
          "Session {}: {} connections to the network, {} refused, {} B sent, {} B received",
          sessionId,
          connections,
          refused,
          sent,
          received);
    }
  }
}

package dev.concert.bridges.platform;

import dev.concert.error.FailureLog;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the events of a server that sends each only once: an event that cannot be stored is tried
 * again for some minutes, and is lost after that or when the process ends. On one context.
 */
public final class InboxRetry {
  private static final Logger LOG = LoggerFactory.getLogger(InboxRetry.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2), 0.3);
  private static final int MAX_ATTEMPTS = 10;

  private final Vertx vertx;
  private final ChatInbox inbox;
  private final String server;
  private boolean stopped;

  /**
   * @param server for the log
   */
  public InboxRetry(Vertx vertx, ChatInbox inbox, String server) {
    this.vertx = vertx;
    this.inbox = inbox;
    this.server = server;
  }

  public void take(InboundEvent event) {
    take(event, 1);
  }

  /** Ends all further attempts. */
  public void stop() {
    stopped = true;
  }

  private void take(InboundEvent event, int attempt) {
    inbox
        .receive(List.of(event))
        .onFailure(
            failure -> {
              if (attempt < MAX_ATTEMPTS && !stopped) {
                vertx.setTimer(BACKOFF.after(attempt).toMillis(), _ -> take(event, attempt + 1));
              } else {
                FailureLog.write(
                    LOG.atWarn(),
                    "A message of %s cannot be stored and is lost".formatted(server),
                    failure);
              }
            });
  }
}

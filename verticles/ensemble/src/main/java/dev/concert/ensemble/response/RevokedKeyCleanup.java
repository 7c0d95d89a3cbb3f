package dev.concert.ensemble.response;

import dev.concert.ensemble.ledger.StoredResponseReader;
import dev.concert.error.FailureLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is stored for keys that were revoked: as soon as a key is, and once a minute for
 * those of which the news was lost. Thread-safe.
 */
public final class RevokedKeyCleanup {
  private static final Logger LOG = LoggerFactory.getLogger(RevokedKeyCleanup.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final RecordedResponses conversations;
  private final Optional<StoredResponseReader> responses;
  private final Predicate<String> revoked;

  /**
   * @param revoked whether a caller's id is that of a key that will never be valid again; blocks
   */
  public RevokedKeyCleanup(
      Vertx vertx,
      RecordedResponses conversations,
      Optional<StoredResponseReader> responses,
      Predicate<String> revoked) {
    this.vertx = vertx;
    this.conversations = conversations;
    this.responses = responses;
    this.revoked = revoked;
    vertx.setPeriodic(PAUSE.toMillis(), timer -> run());
  }

  /** Returns at once; the work is done on a worker. */
  public void run() {
    Future<Void> ended =
        vertx.executeBlocking(
            () -> {
              responses.ifPresent(
                  kept -> kept.owners().stream().filter(revoked).forEach(kept::forgetOwner));
              return null;
            },
            false);
    Future.join(ended, conversations.forgetOwners(revoked))
        .onFailure(
            e -> LOG.warn("Cannot delete what revoked keys have stored: {}", FailureLog.reason(e)));
  }
}

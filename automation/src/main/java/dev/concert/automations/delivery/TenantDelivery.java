package dev.concert.automations.delivery;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Sends what came into the inboxes of one tenant. Each channel of each member is a lane of its own:
 * one that fails holds up no other. On one context.
 */
public final class TenantDelivery {
  private static final Backoff SENDING =
      new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(30), 0.3);
  private static final Duration KEPT = Duration.ofDays(7);

  private final String tenantId;
  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;
  private final DeliveryIndex index;
  private Optional<Future<Void>> begun = Optional.empty();
  private boolean isNoted;

  TenantDelivery(
      Vertx vertx,
      FencedDatabase database,
      OutboxSender sender,
      DeliveryIndex index,
      InstantSource clock) {
    this.tenantId = database.key();
    this.outbox = new DurableOutbox(database, clock);
    this.delivery = new OutboxDelivery(vertx, outbox, sender, SENDING);
    this.index = index;
  }

  DurableOutbox outbox() {
    return outbox;
  }

  /** Sees what is to be sent, and begins to send it; completes before it is sent. */
  public Future<Void> look() {
    return begun()
        .compose(_ -> outbox.openConversations())
        .compose(lanes -> note(!lanes.isEmpty()).onSuccess(_ -> lanes.forEach(delivery::wake)));
  }

  /** The first time it goes on with what an earlier process left. */
  private Future<Void> begun() {
    if (begun.filter(one -> !one.failed()).isEmpty()) {
      begun = Optional.of(outbox.prune(KEPT).compose(_ -> delivery.start()));
    }
    return begun.get();
  }

  private Future<Void> note(boolean hasWork) {
    if (hasWork == isNoted) {
      return Future.succeededFuture();
    }
    return (hasWork ? index.add(tenantId) : index.remove(tenantId))
        .onSuccess(_ -> isNoted = hasWork);
  }

  /** Begins nothing new; completes when what is being sent was sent, in a bounded time. */
  Future<Void> stop() {
    return delivery.stop();
  }
}

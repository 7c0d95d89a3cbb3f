package dev.concert.automations.delivery;

import dev.concert.automations.delivery.WebhookTargets.WebhookTarget;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A breaker for each server that webhooks go to, whoever they belong to. Three failures in a row
 * open it; messages then wait, and one after the other asks the server again. On one context.
 */
final class TargetBreakers {
  private static final int FAILURES = 3;
  private static final int MAX_SERVERS = 1000;
  private static final Backoff PAUSE =
      new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10), 0.2);

  private final InstantSource clock;
  private final Map<String, Failures> servers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MAX_SERVERS;
        }
      };

  /**
   * @param next when one message may be tried
   */
  private record Failures(int count, Instant next) {}

  TargetBreakers(InstantSource clock) {
    this.clock = clock;
  }

  /** Sends, or has the message wait. */
  Future<SendOutcome> guard(WebhookTarget target, Supplier<Future<SendOutcome>> send) {
    String server = target.host() + ":" + target.port();
    Failures before = servers.getOrDefault(server, new Failures(0, Instant.MIN));
    Instant now = clock.instant();
    if (before.next().isAfter(now.plus(PAUSE.longest()))) {
      // The clock was set back.
      before = new Failures(before.count(), now.plus(PAUSE.after(1)));
      servers.put(server, before);
    }
    if (before.next().isAfter(now)) {
      return Future.succeededFuture(new SendOutcome.Wait(Duration.between(now, before.next())));
    }
    if (before.count() >= FAILURES) {
      // This one tries; the others wait for what becomes of it.
      servers.put(server, new Failures(before.count(), now.plus(PAUSE.after(1))));
    }
    return send.get().onSuccess(outcome -> learn(server, outcome));
  }

  private void learn(String server, SendOutcome outcome) {
    boolean failed =
        outcome instanceof SendOutcome.Failed || outcome instanceof SendOutcome.Unknown;
    if (!failed) {
      servers.remove(server);
      return;
    }
    int count = servers.getOrDefault(server, new Failures(0, Instant.MIN)).count() + 1;
    Instant next =
        count < FAILURES ? Instant.MIN : clock.instant().plus(PAUSE.after(count - FAILURES + 1));
    servers.put(server, new Failures(count, next));
  }
}

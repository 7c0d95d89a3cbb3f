package dev.concert.bridges.conversation;

import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which connections have credentials that their platform refuses. Their messages wait, and one of
 * them asks the platform again after a minute, later after an hour. On one context.
 */
public final class TokenCircuit {
  private static final Backoff PAUSE = Backoff.of(Duration.ofMinutes(1), Duration.ofHours(1));

  private final InstantSource clock;
  private final Map<String, Refusal> refused = new HashMap<>();

  /**
   * @param next when one message may be tried
   */
  private record Refusal(String reason, int refusals, Instant next) {}

  public TokenCircuit(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether nothing of a connection may be sent now. */
  boolean isPaused(String connectionId) {
    Refusal refusal = refused.get(connectionId);
    return refusal != null && clock.instant().isBefore(refusal.next());
  }

  /** How long a message of a connection has to wait; empty where it may be sent now. */
  Optional<Duration> pause(String connectionId) {
    Refusal refusal = refused.get(connectionId);
    if (refusal == null) {
      return Optional.empty();
    }
    Duration left = Duration.between(clock.instant(), refusal.next());
    Duration longest = PAUSE.after(refusal.refusals());
    if (left.compareTo(longest) > 0) {
      // The clock was set back.
      return Optional.of(refuse(connectionId, refusal.reason(), refusal.refusals()));
    }
    if (left.isPositive()) {
      return Optional.of(left);
    }
    // This one tries; the others wait for what becomes of it.
    refuse(connectionId, refusal.reason(), refusal.refusals());
    return Optional.empty();
  }

  /** Learns from what became of a message; one that was refused for the credentials waits. */
  SendOutcome learn(String connectionId, SendOutcome outcome) {
    if (outcome instanceof SendOutcome.Refused refusal && refusal.isOfCredentials()) {
      int before = Optional.ofNullable(refused.get(connectionId)).map(Refusal::refusals).orElse(0);
      return new SendOutcome.Wait(refuse(connectionId, refusal.reason(), before + 1));
    }
    if (outcome instanceof SendOutcome.Sent || outcome instanceof SendOutcome.Shown) {
      refused.remove(connectionId);
    }
    return outcome;
  }

  private Duration refuse(String connectionId, String reason, int refusals) {
    Duration pause = PAUSE.after(refusals);
    refused.put(connectionId, new Refusal(reason, refusals, clock.instant().plus(pause)));
    return pause;
  }

  /** What is wrong with the credentials of a connection, as a sentence; empty for nothing. */
  public Optional<String> fault(String connectionId) {
    return Optional.ofNullable(refused.get(connectionId))
        .map(
            refusal ->
                "The platform refuses our credentials: %s. Add the bridge again with new ones."
                    .formatted(refusal.reason()));
  }
}

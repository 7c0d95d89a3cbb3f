package dev.concert.automations.run;

import dev.concert.automations.store.RunOutcomes;
import dev.concert.automations.store.RunStore;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What a run needs.
 *
 * @param agentType of tasks that name none
 * @param clock of time-outs
 */
public record RunServices(
    Vertx vertx,
    String tenantId,
    String agentType,
    GatewayClient gateway,
    ConcertBus bus,
    RunStore runs,
    RunOutcomes outcomes,
    InstantSource clock) {
  /** Characters of a session's name; that of its automation may be as long. */
  static final int LONGEST_NAME = 200;

  /**
   * The events of a turn.
   *
   * @param owner the user who may read the session
   * @param watch receives the events
   * @param deadline when the turn is stopped
   */
  TurnEvents events(String owner, String session, TurnWatch watch, Instant deadline) {
    return new TurnEvents(
        vertx,
        seq -> gateway.events(tenantId, owner, session, seq),
        () ->
            gateway.call(
                tenantId, owner, "stop_turn", GatewayClient.request().put("sessionId", session)),
        () -> !clock.instant().isBefore(deadline),
        watch);
  }
}

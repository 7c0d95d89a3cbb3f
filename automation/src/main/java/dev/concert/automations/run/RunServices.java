package dev.concert.automations.run;

import dev.concert.automations.store.RunOutcomes;
import dev.concert.automations.store.RunStore;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import java.time.InstantSource;

/**
 * What a run needs.
 *
 * @param agentType of tasks that name none
 * @param clock of time-outs
 */
public record RunServices(
    String tenantId,
    String agentType,
    GatewayClient gateway,
    ConcertBus bus,
    RunStore runs,
    RunOutcomes outcomes,
    InstantSource clock) {
  /** Characters of a session's name; that of its automation may be as long. */
  static final int LONGEST_NAME = 200;
}

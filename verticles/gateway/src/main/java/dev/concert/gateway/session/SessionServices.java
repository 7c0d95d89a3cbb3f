package dev.concert.gateway.session;

import dev.concert.bus.ConcertBus;
import dev.concert.gateway.agent.AgentInboxes;
import dev.concert.gateway.billing.TurnCredit;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.health.ServingState;
import dev.concert.gateway.inference.SessionNamer;
import dev.concert.gateway.registry.Registries;
import io.vertx.core.Vertx;

/** What every session uses and none owns. */
public record SessionServices(
    Vertx vertx,
    ConcertBus bus,
    AgentInboxes inboxes,
    EventJournal journal,
    SessionDatabases databases,
    Registries registries,
    SessionTimeouts timeouts,
    ServingState serving,
    TurnCredit credit,
    SessionNamer namer) {}

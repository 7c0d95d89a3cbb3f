package dev.concert.gateway.session;

import dev.concert.bus.ConcertBus;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.eventlog.StorePool;
import dev.concert.gateway.registry.Registries;
import io.vertx.core.Vertx;

/** What every session uses and none owns. */
public record SessionServices(
    Vertx vertx,
    ConcertBus bus,
    EventJournal journal,
    StorePool stores,
    Registries registries,
    SessionTimes times) {}

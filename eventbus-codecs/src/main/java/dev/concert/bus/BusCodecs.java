package dev.concert.bus;

import io.vertx.core.Vertx;

/**
 * Registers the codec of every record that crosses the bus.
 *
 * <p>Called once on every node before the first consumer: a codec that is missing at a clustered
 * consumer is only traced by Vert.x, not failed.
 */
public final class BusCodecs {
  private BusCodecs() {}

  public static void register(Vertx vertx) {
    Addresses.messages().forEach(type -> register(vertx, type));
  }

  private static <T extends Record> void register(Vertx vertx, Class<T> type) {
    vertx.eventBus().registerDefaultCodec(type, new RecordCodec<>(type));
  }
}

package dev.concert.bus;

import io.vertx.core.Vertx;

/**
 * Makes a Vert.x a node of Concert's bus: registers the codec of every record that crosses it.
 *
 * <p>Called once on every node before the first consumer. A request to a node without the codec of
 * its record fails; a message without an answer is lost there with a line in Vert.x's log.
 */
public final class BusCodecs {
  private BusCodecs() {}

  /** For the only node. */
  public static void register(Vertx vertx) {
    register(vertx, BusNode.alone(vertx));
  }

  /** For a node of a cluster. */
  public static void register(Vertx vertx, BusNode node) {
    Addresses.messages().forEach(type -> register(vertx, type, node.maxMessageBytes()));
    vertx.eventBus().registerDefaultCodec(BusFailure.class, new BusFailure.Codec());
    BusNode.share(vertx, node);
  }

  private static <T extends Record> void register(Vertx vertx, Class<T> type, int maxBytes) {
    vertx.eventBus().registerDefaultCodec(type, new RecordCodec<>(type, maxBytes));
  }
}

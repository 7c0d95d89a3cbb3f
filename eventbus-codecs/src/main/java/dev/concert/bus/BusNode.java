package dev.concert.bus;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

/**
 * What all services of one JVM share of the bus: the node's name, the directory, the circuit
 * breakers and the limits. Thread-safe.
 *
 * @param name of the node; the second part of its addresses
 * @param directory finds the owner of a key
 * @param ownership which keys this node owns
 * @param breakers one for each destination
 * @param maxMessageBytes largest message that crosses to another JVM
 */
public record BusNode(
    String name, Directory directory, Ownership ownership, Breakers breakers, int maxMessageBytes)
    implements Shareable {
  /** Knows which keys this node owns. Thread-safe. */
  @FunctionalInterface
  public interface Ownership {
    Ownership EVERYTHING = (_, _) -> Future.succeededFuture(true);

    /** Whether this node owns a key of a service. */
    Future<Boolean> owns(Service service, String key);
  }

  private static final String MAP = "concert.bus";
  private static final String KEY = "node";
  private static final String LOCAL = "local";

  /** Room for a file of 10 MiB in Base64, and for what is around it. */
  public static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** The only node: it owns every key. */
  static BusNode alone(Vertx vertx) {
    return alone(new Breakers(vertx));
  }

  /** The only node, with these breakers. */
  public static BusNode alone(Breakers breakers) {
    return new BusNode(LOCAL, new Alone(), Ownership.EVERYTHING, breakers, MAX_MESSAGE_BYTES);
  }

  static void share(Vertx vertx, BusNode node) {
    vertx.sharedData().<String, BusNode>getLocalMap(MAP).put(KEY, node);
  }

  /** The node that was started on this Vert.x. */
  static BusNode of(Vertx vertx) {
    BusNode node = vertx.sharedData().<String, BusNode>getLocalMap(MAP).get(KEY);
    if (node == null) {
      throw new IllegalStateException("BusCodecs.register was not called on this Vert.x");
    }
    return node;
  }

  private record Alone() implements Directory {
    @Override
    public Future<String> ownerOf(Service service, String key) {
      return Future.succeededFuture(LOCAL);
    }

    @Override
    public void forget(Service service, String key, String node) {
      // There is no other node.
    }

    @Override
    public Future<String> hostOf(String node) {
      return node.equals(LOCAL)
          ? Future.succeededFuture("127.0.0.1")
          : Future.failedFuture(
              new ConcertException(
                  ErrorCode.PODIUM_UNAVAILABLE, "There is no node '" + node + "' here."));
    }
  }
}

package dev.concert.bus;

import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Something that receives messages until it is removed, or until its verticle is undeployed.
 *
 * @param address on the event bus
 * @param completion completes when every node of the cluster can send to it
 * @param removal takes it off the bus
 */
public record Registration(
    String address, Future<Void> completion, Supplier<Future<Void>> removal) {

  /** Receives nothing more. */
  public Future<Void> unregister() {
    return removal.get();
  }
}

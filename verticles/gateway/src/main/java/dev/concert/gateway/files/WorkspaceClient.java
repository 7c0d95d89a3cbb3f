package dev.concert.gateway.files;

import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import io.vertx.core.Future;
import java.time.Duration;

/** Asks Chronicle. Thread-safe. */
record WorkspaceClient(ConcertBus bus) {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  <Q extends Record, R extends Record> Future<R> request(Address<Q, R> address, Q message) {
    return bus.request(address, message, TIMEOUT);
  }

  <Q extends Record, R extends Record> Future<R> request(
      Address<Q, R> address, Q message, Duration timeout) {
    return bus.request(address, message, timeout);
  }
}

package dev.concert.bridges;

import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.lease.LeaseCandidate;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/**
 * Answers operations where the lease of the chats is held; any other node passes them on to that
 * one. What was passed on is not passed on again.
 */
final class OwnerOperations {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ConcertBus bus;
  private final LeaseCandidate candidate;

  OwnerOperations(ConcertBus bus, LeaseCandidate candidate) {
    this.bus = bus;
    this.candidate = candidate;
  }

  /** Whether this node is the owner. */
  boolean isHere() {
    return candidate.term().isPresent();
  }

  /** Answers an operation as the owner. */
  <Q extends Record, R extends Record> void serve(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    bus.serve(address, request -> isHere() ? handler.apply(request) : passOn(address, request));
    servePassedOn(address, handler);
  }

  /** Answers what other nodes pass on. */
  <Q extends Record, R extends Record> void servePassedOn(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    bus.serve(passedOn(address), request -> isHere() ? handler.apply(request) : unavailable());
  }

  /** Has the owner answer. */
  <Q extends Record, R extends Record> Future<R> passOn(Address<Q, R> address, Q request) {
    return candidate
        .holder()
        .filter(node -> !node.isEmpty() && !node.equals(bus.node()))
        .map(node -> bus.request(node, passedOn(address), request, TIMEOUT))
        .orElseGet(OwnerOperations::unavailable);
  }

  private static <Q extends Record, R extends Record> Address<Q, R> passedOn(
      Address<Q, R> address) {
    return new Address.Any<>(
        address.service(),
        address.operation() + ".owner",
        address.request(),
        address.reply(),
        address.delivery());
  }

  private static <R> Future<R> unavailable() {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.BRIDGES_UNAVAILABLE, "No node serves the chats at the moment."));
  }
}

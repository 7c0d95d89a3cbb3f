package dev.concert.foundation.lease;

import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/**
 * Answers operations where a lease is held; any other node passes them on to that one. What was
 * passed on is not passed on again.
 */
public final class OwnerOperations {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ConcertBus bus;
  private final LeaseCandidate candidate;
  private final String what;

  /**
   * @param what the owner serves, for sentences: {@code the chats}
   */
  public OwnerOperations(ConcertBus bus, LeaseCandidate candidate, String what) {
    this.bus = bus;
    this.candidate = candidate;
    this.what = what;
  }

  /** Whether this node is the owner. */
  public boolean isHere() {
    return candidate.term().isPresent();
  }

  /** Answers an operation as the owner. */
  public <Q extends Record, R extends Record> void serve(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    bus.serve(address, request -> isHere() ? handler.apply(request) : passOn(address, request));
    servePassedOn(address, handler);
  }

  /** Answers what other nodes pass on. */
  public <Q extends Record, R extends Record> void servePassedOn(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    bus.serve(
        passedOn(address), request -> isHere() ? handler.apply(request) : unavailable(address));
  }

  /** Has the owner answer. */
  public <Q extends Record, R extends Record> Future<R> passOn(Address<Q, R> address, Q request) {
    return candidate
        .holder()
        .filter(node -> !node.isEmpty() && !node.equals(bus.node()))
        .map(node -> bus.request(node, passedOn(address), request, TIMEOUT))
        .orElseGet(() -> unavailable(address));
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

  private <R extends Record> Future<R> unavailable(Address<?, R> address) {
    return Future.failedFuture(
        new ConcertException(
            address.service().unavailable(), "No node serves %s at the moment.".formatted(what)));
  }
}

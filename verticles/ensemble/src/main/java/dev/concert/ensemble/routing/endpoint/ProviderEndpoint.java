package dev.concert.ensemble.routing.endpoint;

import dev.concert.ensemble.limit.RateReservation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * An endpoint of a provider: an address and key with limits and a cache of its own. Thread-safe.
 */
public final class ProviderEndpoint {
  private final String id;
  private final String provider;
  private final BooleanSupplier healthy;
  private final LongSupplier clockMillis;
  private final EndpointCapacity capacity;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong restsUntil = new AtomicLong(Long.MIN_VALUE);

  /**
   * @param id stable, without a secret
   * @param healthy false while its circuit breaker is open
   */
  public ProviderEndpoint(
      String id,
      String provider,
      BooleanSupplier healthy,
      LongSupplier clockMillis,
      EndpointCapacity capacity) {
    this.id = id;
    this.provider = provider;
    this.healthy = healthy;
    this.clockMillis = clockMillis;
    this.capacity = capacity;
  }

  public String id() {
    return id;
  }

  public String provider() {
    return provider;
  }

  /**
   * Does not use the endpoint for a while, as its {@code Retry-After} asked. Never shortens an
   * earlier wait.
   */
  public void rest(long millis) {
    restsUntil.accumulateAndGet(clockMillis.getAsLong() + millis, Math::max);
  }

  /** Milliseconds until it may be called again; 0 if it may be called now. */
  public long restMillis() {
    long until = restsUntil.get();
    return until == Long.MIN_VALUE ? 0 : Math.max(0, until - clockMillis.getAsLong());
  }

  /** Whether it may be called now. */
  public boolean open() {
    return restMillis() == 0 && healthy.getAsBoolean();
  }

  /** Whether its limits have room for a call with so many tokens. */
  public boolean hasRoom(long tokens) {
    return capacity.hasRoom(tokens);
  }

  /** Milliseconds until a call with so many tokens fits its limits; 0 if it fits now. */
  public long waitMillis(long tokens) {
    return Math.max(restMillis(), capacity.waitMillis(tokens));
  }

  /** The number of calls in progress. */
  public int underWay() {
    return underWay.get();
  }

  /**
   * Begins a call, to be followed by {@link #end} and by settling the reservation.
   *
   * @param tokens an estimate
   * @return empty, and nothing has begun, if its limits have no room
   */
  public Optional<RateReservation> begin(long tokens) {
    Optional<RateReservation> taken = capacity.take(tokens);
    if (taken.isPresent()) {
      underWay.incrementAndGet();
    }
    return taken;
  }

  public void end() {
    underWay.decrementAndGet();
  }

  @Override
  public String toString() {
    return id;
  }
}

package dev.concert.ensemble.routing.choice;

import dev.concert.ensemble.limit.RateReservation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * One way to a provider: an address with a key, with a limit and a cache of its own. Thread-safe.
 */
public final class Endpoint {
  private final String id;
  private final String provider;
  private final BooleanSupplier healthy;
  private final LongSupplier clockMillis;
  private final Capacity capacity;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong restsUntil = new AtomicLong(Long.MIN_VALUE);

  /**
   * @param id the same over restarts, without a secret in it
   * @param healthy false while its circuit breaker is open
   */
  public Endpoint(
      String id,
      String provider,
      BooleanSupplier healthy,
      LongSupplier clockMillis,
      Capacity capacity) {
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

  /** Leaves it alone for a while, as its {@code Retry-After} asked for. Never shortens a rest. */
  public void rest(long millis) {
    restsUntil.accumulateAndGet(clockMillis.getAsLong() + millis, Math::max);
  }

  /** Milliseconds until it may be asked again; 0 when it may now. */
  public long restMillis() {
    long until = restsUntil.get();
    return until == Long.MIN_VALUE ? 0 : Math.max(0, until - clockMillis.getAsLong());
  }

  /** Whether it may be asked now. */
  public boolean open() {
    return restMillis() == 0 && healthy.getAsBoolean();
  }

  /** Whether its limits have room for a call with so many tokens. */
  public boolean hasRoom(long tokens) {
    return capacity.hasRoom(tokens);
  }

  /** Milliseconds until a call with so many tokens may go there; 0 when it may now. */
  public long waitMillis(long tokens) {
    return Math.max(restMillis(), capacity.waitMillis(tokens));
  }

  /** Calls under way. */
  public int underWay() {
    return underWay.get();
  }

  /**
   * A call begins; to be followed by {@link #end}, and by settling what was taken.
   *
   * @param tokens an estimate
   * @return empty, and nothing has begun, where its limits have no room for it
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

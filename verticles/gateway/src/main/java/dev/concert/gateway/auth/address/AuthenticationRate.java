package dev.concert.gateway.auth.address;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How often an address may fail to authenticate: {@value #FAILURES} times at once, and once more
 * every three seconds. Whoever guesses tokens is slowed down; whoever has a good one is not, unless
 * somebody at the same address guesses. Knows a bounded number of addresses. Thread-safe.
 */
public final class AuthenticationRate {
  static final int FAILURES = 20;
  static final Duration PAUSE = Duration.ofSeconds(3);

  private static final int MAX_ADDRESSES = 10_000;

  /** The part of an IPv6 address that names a network: whoever has one has all its addresses. */
  private static final int NETWORK_BYTES = 8;

  private final LongSupplier nanoTime;
  private final LoadingCache<InetAddress, Allowance> allowances;

  public AuthenticationRate() {
    this(System::nanoTime);
  }

  AuthenticationRate(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.allowances =
        Caffeine.newBuilder()
            .maximumSize(MAX_ADDRESSES)
            .expireAfterAccess(PAUSE.multipliedBy(FAILURES))
            .build(_ -> new Allowance());
  }

  /**
   * Lets an address authenticate, or fails with {@code AUTH_RATE_LIMITED} and says for how long. A
   * credential counts that is refused with {@code AUTH_FAILED}.
   *
   * @param client from where it comes
   */
  public <T> Future<T> limit(InetAddress client, Supplier<Future<T>> authentication) {
    Allowance allowance = allowances.get(network(client));
    long wait = allowance.pause(nanoTime.getAsLong());
    if (wait > 0) {
      return Future.failedFuture(
          ConcertException.retryAfter(
              ErrorCode.AUTH_RATE_LIMITED,
              "Too many credentials from your address were refused.",
              Duration.ofNanos(wait).plusMillis(1).toMillis()));
    }
    return authentication
        .get()
        .onFailure(
            failure -> {
              if (failure instanceof ConcertException refused
                  && refused.code() == ErrorCode.AUTH_FAILED) {
                allowance.spend(nanoTime.getAsLong());
              }
            });
  }

  private static InetAddress network(InetAddress client) {
    if (!(client instanceof Inet6Address)) {
      return client;
    }
    byte[] bytes = client.getAddress();
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("An address has the length of an address", e);
    }
  }

  /** How many failures an address has left; it earns them again with time. */
  private static final class Allowance {
    private double left = FAILURES;
    private long at;
    private boolean used;

    /** Nanoseconds until an attempt is allowed; 0 for now. */
    synchronized long pause(long now) {
      earn(now);
      return left >= 1 ? 0 : (long) Math.ceil((1 - left) * PAUSE.toNanos());
    }

    synchronized void spend(long now) {
      earn(now);
      left = Math.max(0, left - 1);
    }

    private void earn(long now) {
      if (used) {
        left = Math.min(FAILURES, left + (double) (now - at) / PAUSE.toNanos());
      }
      used = true;
      at = now;
    }
  }
}

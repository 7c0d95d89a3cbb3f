package dev.concert.gateway.link;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How often one address may open links: in a minute from its first request. Thread-safe. */
final class ViewRate {
  static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST_ADDRESSES = 10_000;

  private final int most;
  private final Cache<String, AtomicInteger> counts =
      Caffeine.newBuilder().expireAfterWrite(WINDOW).maximumSize(MOST_ADDRESSES).build();

  ViewRate(int most) {
    this.most = most;
  }

  boolean allows(String address) {
    return counts.get(address, _ -> new AtomicInteger()).incrementAndGet() <= most;
  }
}

package dev.concert.ensemble.routing.affinity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Remembers at which endpoint a prompt's beginning and a session were last. Bounded; thread-safe;
 * never blocks.
 */
public final class CacheAffinity {
  /** What is left of the confidence when the provider did not say that it used its cache. */
  static final double UNCONFIRMED = 0.8;

  private record Place(String model, long fingerprint) {}

  private record Seen(String endpoint, long tokens, boolean confirmed, long at, Duration lasts) {}

  private record Visit(String endpoint, Duration lasts) {}

  private final Ticker clock;
  private final Cache<Place, Seen> prefixes;
  private final Cache<String, Visit> sessions;

  /**
   * @param entries at most so many beginnings, and so many sessions, are remembered
   */
  public CacheAffinity(int entries, Ticker clock) {
    this.clock = clock;
    this.prefixes =
        Caffeine.newBuilder()
            .maximumSize(entries)
            .ticker(clock)
            .executor(Runnable::run)
            .expireAfter(Expiry.<Place, Seen>writing((place, seen) -> seen.lasts()))
            .build();
    this.sessions =
        Caffeine.newBuilder()
            .maximumSize(entries)
            .ticker(clock)
            .executor(Runnable::run)
            .expireAfter(Expiry.<String, Visit>accessing((session, visit) -> visit.lasts()))
            .build();
  }

  /** How many beginnings are remembered, about. */
  public long prompts() {
    return prefixes.estimatedSize();
  }

  /** How many sessions are remembered, about. */
  public long sessions() {
    return sessions.estimatedSize();
  }

  /**
   * Notes that an endpoint has just read a prompt.
   *
   * @param confirmed whether it reported tokens read from or written to its cache
   * @param lasts how long the provider keeps what it cached
   */
  public void remember(
      String model, Prefixes prompt, String endpoint, boolean confirmed, Duration lasts) {
    long now = clock.read();
    for (Prefix prefix : prompt.lasting()) {
      prefixes.put(
          new Place(model, prefix.fingerprint()),
          new Seen(endpoint, prefix.tokens(), confirmed, now, lasts));
    }
  }

  /** The longest beginning of the prompt that some endpoint has read lately. */
  public Optional<Expected> find(String model, Prefixes prompt) {
    for (Prefix prefix : prompt.all().reversed()) {
      Seen seen = prefixes.getIfPresent(new Place(model, prefix.fingerprint()));
      if (seen != null) {
        return Optional.of(new Expected(seen.endpoint(), seen.tokens(), confidence(seen)));
      }
    }
    return Optional.empty();
  }

  private double confidence(Seen seen) {
    double age = (double) (clock.read() - seen.at()) / seen.lasts().toNanos();
    return Math.clamp(1 - age, 0, 1) * (seen.confirmed() ? 1 : UNCONFIRMED);
  }

  /** Notes where a session's call went. */
  public void visit(String session, String endpoint, Duration lasts) {
    sessions.put(session, new Visit(endpoint, lasts));
  }

  /** Where the session's last call went, unless that is too long ago. */
  public Optional<String> lastOf(String session) {
    return Optional.ofNullable(sessions.getIfPresent(session)).map(Visit::endpoint);
  }

  /** An endpoint that is no longer there has nothing cached. */
  public void forget(List<String> endpoints) {
    prefixes.asMap().values().removeIf(seen -> endpoints.contains(seen.endpoint()));
    sessions.asMap().values().removeIf(visit -> endpoints.contains(visit.endpoint()));
  }
}

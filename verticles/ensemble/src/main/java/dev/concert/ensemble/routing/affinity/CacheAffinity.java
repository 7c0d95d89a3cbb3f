package dev.concert.ensemble.routing.affinity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Remembers the last endpoint of prompt prefixes and sessions. Bounded; thread-safe; never blocks.
 */
public final class CacheAffinity {
  /** The factor of the confidence if the provider did not report that it used its cache. */
  static final double UNCONFIRMED = 0.8;

  private record Place(String model, long fingerprint) {}

  private record Seen(String endpoint, long tokens, boolean confirmed, long at, Duration lasts) {}

  private record Visit(String endpoint, Duration lasts) {}

  private final Ticker clock;
  private final Cache<Place, Seen> prefixes;
  private final Cache<String, Visit> sessions;

  /**
   * @param entries the most prefixes, and the most sessions, that are remembered
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

  /** The approximate number of remembered prefixes. */
  public long prompts() {
    return prefixes.estimatedSize();
  }

  /** The approximate number of remembered sessions. */
  public long sessions() {
    return sessions.estimatedSize();
  }

  /**
   * Notes that an endpoint has just read a prompt.
   *
   * @param confirmed whether it reported tokens read from or written to its cache
   * @param lasts how long the provider keeps its cache
   */
  public void remember(
      String model, PromptPrefixes prompt, String endpoint, boolean confirmed, Duration lasts) {
    long now = clock.read();
    for (PromptPrefix prefix : prompt.lasting()) {
      prefixes.put(
          new Place(model, prefix.fingerprint()),
          new Seen(endpoint, prefix.tokens(), confirmed, now, lasts));
    }
  }

  /** The longest prefix of the prompt that some endpoint has read recently. */
  public Optional<CacheExpectation> find(String model, PromptPrefixes prompt) {
    for (PromptPrefix prefix : prompt.all().reversed()) {
      Seen seen = prefixes.getIfPresent(new Place(model, prefix.fingerprint()));
      if (seen != null) {
        return Optional.of(new CacheExpectation(seen.endpoint(), seen.tokens(), confidence(seen)));
      }
    }
    return Optional.empty();
  }

  private double confidence(Seen seen) {
    double age = (double) (clock.read() - seen.at()) / seen.lasts().toNanos();
    return Math.clamp(1 - age, 0, 1) * (seen.confirmed() ? 1 : UNCONFIRMED);
  }

  /** Notes the endpoint of a session's call. */
  public void visit(String session, String endpoint, Duration lasts) {
    sessions.put(session, new Visit(endpoint, lasts));
  }

  /** The endpoint of the session's last call, unless that is too long ago. */
  public Optional<String> lastOf(String session) {
    return Optional.ofNullable(sessions.getIfPresent(session)).map(Visit::endpoint);
  }

  /** An endpoint that no longer exists has no cache. */
  public void forget(List<String> endpoints) {
    prefixes.asMap().values().removeIf(seen -> endpoints.contains(seen.endpoint()));
    sessions.asMap().values().removeIf(visit -> endpoints.contains(visit.endpoint()));
  }
}

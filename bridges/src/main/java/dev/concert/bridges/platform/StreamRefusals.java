package dev.concert.bridges.platform;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a platform has refused a form for texts that grow. It is asked again after ten minutes; the
 * oldest of many refusals are forgotten. On one context.
 */
public final class StreamRefusals {
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final int MAX = 4096;

  private final InstantSource clock;
  private final Map<String, Instant> until =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX;
        }
      };

  public StreamRefusals(InstantSource clock) {
    this.clock = clock;
  }

  /** The platform takes no such text there. */
  public void add(String place) {
    until.put(place, clock.instant().plus(PAUSE));
  }

  /** Whether it is not to be asked now. */
  public boolean has(String place) {
    Instant end = until.get(place);
    return end != null && clock.instant().isBefore(end);
  }
}

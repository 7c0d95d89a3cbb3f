package dev.concert.foundation.deletion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Ids of what was deleted in the last minutes: a request that was on its way must not bring it
 * back. Every request has ended long before an id is forgotten. Thread-safe; never blocks.
 */
public final class DeletedIds {
  /** Much longer than any request takes. */
  static final Duration KEPT = Duration.ofMinutes(10);

  private final Cache<String, Boolean> ids;

  public DeletedIds() {
    this(Ticker.systemTicker());
  }

  DeletedIds(Ticker clock) {
    this.ids = Caffeine.newBuilder().ticker(clock).expireAfterWrite(KEPT).build();
  }

  public void add(String id) {
    ids.put(id, true);
  }

  public boolean contains(String id) {
    return ids.getIfPresent(id) != null;
  }

  /** How many ids are kept now. */
  long size() {
    ids.cleanUp();
    return ids.estimatedSize();
  }
}

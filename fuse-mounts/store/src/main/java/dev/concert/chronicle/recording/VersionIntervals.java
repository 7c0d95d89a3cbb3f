package dev.concert.chronicle.recording;

import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.versioning.LargeFileRule;
import dev.concert.chronicle.versioning.VersioningPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Which versions of large files are skipped because of their size, and because one was kept a short
 * while ago. Thread-safe.
 */
final class VersionIntervals {
  private static final int MOST = 1024;

  /**
   * A version that is not kept.
   *
   * @param again when the next one may be; empty for never
   */
  record Skip(SkipReason reason, Optional<Duration> again) {}

  private final Supplier<VersioningPolicy> policy;
  private final Map<String, Long> keptAt = new ConcurrentHashMap<>();

  VersionIntervals(Supplier<VersioningPolicy> policy) {
    this.policy = policy;
  }

  /** Empty where the version is to be kept. */
  Optional<Skip> skip(String path, long allocated) {
    Optional<LargeFileRule> rule = policy.get().rule(path, allocated);
    return rule.isEmpty()
        ? Optional.empty()
        : rule.get()
            .every()
            .map(every -> left(path, every))
            .orElseGet(() -> Optional.of(new Skip(SkipReason.TOO_LARGE, Optional.empty())));
  }

  private Optional<Skip> left(String path, Duration every) {
    Long kept = keptAt.get(path);
    Duration left = kept == null ? Duration.ZERO : every.minusNanos(System.nanoTime() - kept);
    return left.isPositive()
        ? Optional.of(new Skip(SkipReason.TOO_OFTEN, Optional.of(left)))
        : Optional.empty();
  }

  /** A version is kept, or will be. */
  void kept(String path, long allocated) {
    if (policy.get().rule(path, allocated).isPresent()) {
      if (keptAt.size() >= MOST) {
        keptAt.clear();
      }
      keptAt.put(path, System.nanoTime());
    }
  }
}

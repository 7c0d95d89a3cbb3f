package dev.concert.chronicle.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which iterations of a file may be dropped. Whatever a policy says, these stay: the present state,
 * the newest one that has content, and what a snapshot shows.
 */
public sealed interface RetentionPolicy {
  /** Nothing is dropped. */
  record KeepAll() implements RetentionPolicy {}

  /** The newest ones with content stay, and what lies between them. */
  record KeepLast(int count) implements RetentionPolicy {
    public KeepLast {
      if (count < 1) {
        throw new IllegalArgumentException("At least one iteration has to be kept, not " + count);
      }
    }
  }

  /**
   * The older, the fewer.
   *
   * @param steps by age, youngest first; what is younger than the first all stays
   */
  record ThinOut(List<Step> steps) implements RetentionPolicy {
    public ThinOut {
      steps = List.copyOf(steps);
      for (int i = 1; i < steps.size(); i++) {
        if (steps.get(i).olderThan().compareTo(steps.get(i - 1).olderThan()) <= 0
            || steps.get(i).every().compareTo(steps.get(i - 1).every()) < 0) {
          throw new IllegalArgumentException("Steps have to go from young and dense to old");
        }
      }
    }
  }

  /**
   * Of what is older, one stays in each span of time: the newest with content.
   *
   * @param every spans begin at multiples of it since 1970
   */
  record Step(Duration olderThan, Duration every) {}

  /** All of a day, hourly for a week, daily for a month, then every thirty days. */
  RetentionPolicy USUAL_THINNING =
      new ThinOut(
          List.of(
              new Step(Duration.ofDays(1), Duration.ofHours(1)),
              new Step(Duration.ofDays(7), Duration.ofDays(1)),
              new Step(Duration.ofDays(30), Duration.ofDays(30))));

  /** What {@link #parse} reads. */
  default String text() {
    return switch (this) {
      case KeepAll _ -> "all";
      case KeepLast last -> "last:" + last.count();
      case ThinOut _ -> "thin";
    };
  }

  Pattern LAST = Pattern.compile("last:([1-9]\\d{0,8})");

  /**
   * {@code all}, {@code last:N} or {@code thin}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static RetentionPolicy parse(String text) {
    Matcher last = LAST.matcher(text);
    if (last.matches()) {
      return new KeepLast(Integer.parseInt(last.group(1)));
    }
    return switch (text) {
      case "all" -> new KeepAll();
      case "thin" -> USUAL_THINNING;
      default ->
          throw new IllegalArgumentException(
              "A retention policy is all, last:N or thin, not '%s'.".formatted(text));
    };
  }

  /**
   * Sequence numbers of those that may be dropped.
   *
   * @param versions of one file, oldest first
   * @param snapshots sequence numbers of the moments that have to stay as they are
   */
  default Set<Long> dropped(
      List<RetentionCandidate> versions, NavigableSet<Long> snapshots, Instant now) {
    Set<Long> kept = new HashSet<>();
    boolean newestSeen = false;
    for (int i = versions.size() - 1; i >= 0; i--) {
      RetentionCandidate version = versions.get(i);
      boolean last = i == versions.size() - 1;
      boolean newest = version.hasContent() && !newestSeen;
      newestSeen |= version.hasContent();
      if (last || newest || version.pinned() || isShown(versions, i, snapshots)) {
        kept.add(version.sequence());
      }
    }
    switch (this) {
      case KeepAll _ -> versions.forEach(version -> kept.add(version.sequence()));
      case KeepLast last -> keepLast(last.count(), versions, kept);
      case ThinOut thin -> thinOut(thin.steps(), versions, now, kept);
    }
    Set<Long> dropped = new HashSet<>();
    versions.forEach(version -> dropped.add(version.sequence()));
    dropped.removeAll(kept);
    return dropped;
  }

  /** Whether some snapshot lies between the version and the one after it. */
  private static boolean isShown(
      List<RetentionCandidate> versions, int at, NavigableSet<Long> snapshots) {
    Long snapshot = snapshots.ceiling(versions.get(at).sequence());
    return snapshot != null
        && (at == versions.size() - 1 || snapshot < versions.get(at + 1).sequence());
  }

  private static void keepLast(int count, List<RetentionCandidate> versions, Set<Long> kept) {
    int left = count;
    for (RetentionCandidate version : versions.reversed()) {
      if (left == 0) {
        return;
      }
      kept.add(version.sequence());
      left -= version.hasContent() ? 1 : 0;
    }
  }

  private static void thinOut(
      List<Step> steps, List<RetentionCandidate> versions, Instant now, Set<Long> kept) {
    record Span(Step step, long number) {}
    Set<Span> taken = new HashSet<>();
    for (RetentionCandidate version : versions.reversed()) {
      Duration age = Duration.between(Instant.ofEpochMilli(version.timestamp()), now);
      Step step = null;
      for (Step one : steps) {
        step = age.compareTo(one.olderThan()) > 0 ? one : step;
      }
      if (step == null
          || version.hasContent()
              && taken.add(new Span(step, version.timestamp() / step.every().toMillis()))) {
        kept.add(version.sequence());
      }
    }
  }
}

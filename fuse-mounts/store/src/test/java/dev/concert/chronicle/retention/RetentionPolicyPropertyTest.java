package dev.concert.chronicle.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RetentionPolicyPropertyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Provide
  Arbitrary<RetentionPolicy> policies() {
    return Arbitraries.of(
        new RetentionPolicy.KeepAll(),
        new RetentionPolicy.KeepLast(1),
        new RetentionPolicy.KeepLast(7),
        RetentionPolicy.USUAL_THINNING);
  }

  private static List<RetentionCandidate> history(long seed, int count) {
    Random random = new Random(seed);
    List<RetentionCandidate> versions = new ArrayList<>();
    long sequence = 0;
    long time = NOW.minus(Duration.ofDays(120)).toEpochMilli();
    for (int i = 0; i < count; i++) {
      sequence += 1 + random.nextInt(5);
      time += (long) (random.nextDouble() * 2 * Duration.ofDays(119).toMillis() / count);
      time = Math.min(time, NOW.toEpochMilli());
      versions.add(
          new RetentionCandidate(
              sequence, time, random.nextInt(4) > 0, i == count - 1 || random.nextInt(20) == 0));
    }
    return versions;
  }

  private static List<RetentionCandidate> without(
      List<RetentionCandidate> versions, Set<Long> dropped) {
    return versions.stream().filter(version -> !dropped.contains(version.sequence())).toList();
  }

  private static RetentionCandidate at(List<RetentionCandidate> versions, long sequence) {
    return versions.stream()
        .filter(version -> version.sequence() <= sequence)
        .reduce((one, later) -> later)
        .orElse(null);
  }

  @Property(tries = 500)
  void the_present_state_the_newest_content_and_every_snapshot_stay(
      @ForAll("policies") RetentionPolicy policy,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll Set<@IntRange(max = 900) Integer> moments) {
    List<RetentionCandidate> versions = history(seed, count);
    NavigableSet<Long> snapshots = new TreeSet<>();
    moments.forEach(moment -> snapshots.add((long) moment));
    List<RetentionCandidate> kept = without(versions, policy.dropped(versions, snapshots, NOW));

    assertThat(kept.getLast()).isEqualTo(versions.getLast());
    assertThat(kept).containsAll(versions.stream().filter(RetentionCandidate::pinned).toList());
    versions.reversed().stream()
        .filter(RetentionCandidate::hasContent)
        .findFirst()
        .ifPresent(newest -> assertThat(kept).contains(newest));
    for (long snapshot : snapshots) {
      assertThat(at(kept, snapshot)).isEqualTo(at(versions, snapshot));
    }
  }

  @Property(tries = 300)
  void what_was_thinned_out_is_not_thinned_further_by_doing_it_again(
      @ForAll("policies") RetentionPolicy policy, @ForAll long seed) {
    List<RetentionCandidate> versions = history(seed, 200);
    List<RetentionCandidate> kept =
        without(versions, policy.dropped(versions, new TreeSet<>(), NOW));
    assertThat(policy.dropped(kept, new TreeSet<>(), NOW)).isEmpty();
  }

  @Property(tries = 200)
  void whatever_is_younger_than_a_day_stays_and_older_ones_get_sparse(@ForAll long seed) {
    List<RetentionCandidate> versions = history(seed, 2_000);
    RetentionPolicy policy = RetentionPolicy.USUAL_THINNING;
    List<RetentionCandidate> kept =
        without(versions, policy.dropped(versions, new TreeSet<>(), NOW));
    long day = NOW.minus(Duration.ofDays(1)).toEpochMilli();
    assertThat(kept)
        .containsAll(versions.stream().filter(version -> version.timestamp() >= day).toList());
    long month = NOW.minus(Duration.ofDays(30)).toEpochMilli();
    assertThat(kept.stream().filter(v -> v.timestamp() < month && !v.pinned()).count())
        .isLessThanOrEqualTo(90 / 30 + 2);
  }

  @Property(tries = 200)
  void the_last_so_many_contents_stay(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
    List<RetentionCandidate> versions = history(seed, 100);
    RetentionPolicy policy = new RetentionPolicy.KeepLast(n);
    List<RetentionCandidate> kept =
        without(versions, policy.dropped(versions, new TreeSet<>(), NOW));
    List<RetentionCandidate> contents =
        versions.reversed().stream().filter(RetentionCandidate::hasContent).limit(n).toList();
    assertThat(kept).containsAll(contents);
    assertThat(kept.stream().filter(v -> v.hasContent() && !v.pinned()).count())
        .isLessThanOrEqualTo(n);
  }

  @Example
  void a_policy_is_read_from_its_name_and_nothing_else_is() {
    assertThat(RetentionPolicy.parse("last:12")).isEqualTo(new RetentionPolicy.KeepLast(12));
    assertThat(RetentionPolicy.parse("thin")).isEqualTo(RetentionPolicy.USUAL_THINNING);
    for (String wrong : List.of("", "last:0", "last", "none", "last:99999999999")) {
      assertThatThrownBy(() -> RetentionPolicy.parse(wrong)).hasMessageContaining("last:N");
    }
  }
}

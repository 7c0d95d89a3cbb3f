package dev.concert.chronicle.localsync.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.localsync.watch.ChangeDebouncer.Timing;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When changes are handed on. */
@ExpectedLog(
    logger = "dev.concert.chronicle.localsync.watch.ChangeDebouncer",
    message = "Changes could not be checked",
    required = false)
class ChangeDebouncerTest {
  private final List<ChangedPaths> heard = new CopyOnWriteArrayList<>();

  @Test
  void changesThatFollowEachOtherAreHandedOnTogether() {
    try (ChangeDebouncer debounce = start(200, 5_000, 60_000)) {
      debounce.changed("a");
      debounce.changed("b");
      debounce.changed("a");
      Await.until(() -> !heard.isEmpty());

      assertThat(heard).hasSize(1);
      assertThat(heard.getFirst().everything()).isFalse();
      assertThat(heard.getFirst().paths()).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void whatNeverBecomesQuietIsHandedOnAllTheSame() {
    try (ChangeDebouncer debounce = start(1_000, 50, 60_000)) {
      Await.until(
          () -> {
            debounce.changed("a");
            return heard.size() >= 2;
          });
    }
  }

  @Test
  void tooManyPathsMeanEverything() {
    try (ChangeDebouncer debounce = start(100, 1_000, 60_000)) {
      for (int i = 0; i < 3_000; i++) {
        debounce.changed("file" + i);
      }
      Await.until(() -> !heard.isEmpty());

      assertThat(heard.getFirst().everything()).isTrue();
      assertThat(heard.getFirst().paths()).isEmpty();
    }
  }

  @Test
  void everythingIsLookedAtNowAndThen() {
    try (ChangeDebouncer _ = start(1, 1, 20)) {
      Await.until(() -> heard.size() >= 2);

      assertThat(heard).allMatch(ChangedPaths::everything);
    }
  }

  @Test
  void aFailureLosesNoChange() {
    AtomicInteger tries = new AtomicInteger();
    try (ChangeDebouncer debounce =
        ChangeDebouncer.start(
            timing(1, 1, 60_000),
            changes -> {
              heard.add(changes);
              if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("the disk is out of reach");
              }
            })) {
      debounce.changed("a");
      Await.until(() -> heard.size() == 2);

      assertThat(heard.getLast().everything()).isTrue();
    }
  }

  private ChangeDebouncer start(long quiet, long longest, long rescan) {
    return ChangeDebouncer.start(timing(quiet, longest, rescan), heard::add);
  }

  private static Timing timing(long quiet, long longest, long rescan) {
    return new Timing(
        Duration.ofMillis(quiet), Duration.ofMillis(longest), Duration.ofMillis(rescan));
  }
}

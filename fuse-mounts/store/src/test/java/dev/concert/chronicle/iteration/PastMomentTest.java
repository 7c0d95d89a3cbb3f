package dev.concert.chronicle.iteration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.PastMoment.Named;
import dev.concert.chronicle.iteration.PastMoment.Sequence;
import dev.concert.chronicle.iteration.PastMoment.Time;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How people write a past moment. */
class PastMomentTest {
  @Test
  void a_name_a_sequence_and_a_time_are_told_apart_by_their_first_character() {
    assertThat(PastMoment.of("before-refactoring")).hasValue(new Named("before-refactoring"));
    assertThat(PastMoment.of("#42")).hasValue(new Sequence(42));
    assertThat(PastMoment.of("@1700000000000")).hasValue(new Time(1_700_000_000_000L));
  }

  @Test
  void a_time_may_be_iso_milliseconds_or_a_day_which_is_meant_as_its_end() {
    long instant = Instant.parse("2026-11-21T08:00:00Z").toEpochMilli();
    assertThat(PastMoment.time("2026-11-21T08:00:00Z")).hasValue(new Time(instant));
    assertThat(PastMoment.time(Long.toString(instant))).hasValue(new Time(instant));
    assertThat(PastMoment.time("2026-11-21"))
        .hasValue(new Time(Instant.parse("2026-11-21T23:59:59.999Z").toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "@yesterday",
        "@2026-13-01",
        "#",
        "#x",
        "#1234567890123456789",
        "-a",
        "a b",
        ".hidden",
        "a/b"
      })
  void anything_else_is_no_moment(String text) {
    assertThat(PastMoment.of(text)).isEmpty();
  }

  @Test
  void a_name_has_at_most_a_hundred_characters() {
    assertThat(PastMoment.isName("n".repeat(100))).isTrue();
    assertThat(PastMoment.isName("n".repeat(101))).isFalse();
  }
}

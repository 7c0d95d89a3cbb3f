package dev.concert.automations.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a cron expression is due, also where clocks are changed. */
class CronScheduleTest {
  private static final List<ZoneId> ZONES =
      ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).toList();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "America/New_York|30 2 * * *|2026-03-07T12:00|2026-03-08T03:00-04:00"
            + " 2026-03-09T02:30-04:00",
        "America/New_York|30 1 * * *|2026-10-31T12:00|2026-11-01T01:30-04:00"
            + " 2026-11-02T01:30-05:00",
        "America/New_York|*/30 * * * *|2026-11-01T04:45|2026-11-01T01:00-04:00"
            + " 2026-11-01T01:30-04:00 2026-11-01T01:00-05:00 2026-11-01T01:30-05:00"
            + " 2026-11-01T02:00-05:00",
        "America/New_York|*/30 * * * *|2026-03-08T06:00|2026-03-08T01:30-05:00"
            + " 2026-03-08T03:00-04:00 2026-03-08T03:30-04:00",
        "America/New_York|0 */2 * * *|2026-03-08T04:30|2026-03-08T00:00-05:00"
            + " 2026-03-08T04:00-04:00 2026-03-08T06:00-04:00",
        "Europe/Berlin|30 2 * * *|2026-03-28T12:00|2026-03-29T03:00+02:00",
        "Europe/Berlin|30 2 * * *|2026-10-24T12:00|2026-10-25T02:30+02:00 2026-10-26T02:30+01:00",
        "Australia/Lord_Howe|45 1 * * *|2026-04-04T10:00|2026-04-05T01:45+11:00"
            + " 2026-04-06T01:45+10:30",
        "America/Santiago|30 23 * * *|2026-04-04T12:00|2026-04-04T23:30-03:00"
            + " 2026-04-05T23:30-04:00",
        "Africa/Casablanca|30 2 * * *|2026-02-14T12:00|2026-02-15T02:30+01:00",
        "Africa/Casablanca|30 2 * * *|2026-03-21T12:00|2026-03-22T03:00+01:00",
        "UTC|0 0 29 2 *|2026-03-01T00:00|2028-02-29T00:00Z 2032-02-29T00:00Z",
        "UTC|0 12 13 * 5|2026-02-01T00:00|2026-02-06T12:00Z 2026-02-13T12:00Z 2026-02-20T12:00Z"
            + " 2026-02-27T12:00Z 2026-03-06T12:00Z 2026-03-13T12:00Z",
        "UTC|0 12 */13 * 5|2026-02-01T00:00|2026-02-27T12:00Z 2026-03-27T12:00Z",
        "Pacific/Apia|0 12 * * *|2011-12-29T12:00|2011-12-29T12:00-10:00 2011-12-31T00:00+14:00"
            + " 2011-12-31T12:00+14:00",
        "America/New_York|0,15,30 2 * * *|2026-03-07T12:00|2026-03-08T03:00-04:00"
            + " 2026-03-09T02:00-04:00",
        "UTC|0 9 * * 7|2026-03-01T00:00|2026-03-01T09:00Z 2026-03-08T09:00Z",
        "UTC|5-59/20 8-9 * * 1-5|2026-03-06T09:30|2026-03-06T09:45Z 2026-03-09T08:05Z",
        "UTC|0 9 1 1,7 *|2026-03-06T09:30|2026-07-01T09:00Z 2027-01-01T09:00Z",
      })
  void isDueAtTheInstantsOfTheRule(String zone, String expression, String from, String due) {
    CronSchedule schedule = CronSchedule.parse(expression, ZoneId.of(zone));
    List<Instant> expected =
        Stream.of(due.split(" "))
            .map(OffsetDateTime::parse)
            .map(OffsetDateTime::toInstant)
            .toList();

    assertThat(schedule.next(LocalDateTime.parse(from).toInstant(ZoneOffset.UTC), expected.size()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "every day",
        "0 0 L * *",
        "0 0 * * 5#2",
        "0 0 ? * *",
        "-1 * * * *"
      })
  void whatIsNoExpressionIsRefused(String expression) {
    assertThatThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC))
        .isInstanceOf(ScheduleException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *"})
  void whatIsNeverDueIsRefused(String expression) {
    assertThatThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC))
        .isInstanceOf(ScheduleException.class)
        .hasMessageContaining("never");
  }

  /** One field: a star, a step, a value, a list or a range. */
  private static Arbitrary<String> field(int min, int max) {
    Arbitrary<Integer> value = Arbitraries.integers().between(min, max);
    return Arbitraries.oneOf(
        Arbitraries.just("*"),
        Arbitraries.integers().between(2, Math.min(12, max)).map(step -> "*/" + step),
        value.map(String::valueOf),
        Combinators.combine(value, value).as((a, b) -> a + "," + b),
        Combinators.combine(value, value).as((a, b) -> Math.min(a, b) + "-" + Math.max(a, b)));
  }

  @Provide
  Arbitrary<String> expressions() {
    return Combinators.combine(
            field(0, 59),
            field(0, 23),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.just("*")),
                net.jqwik.api.Tuple.of(1, field(1, 28))),
            Arbitraries.just("*"),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.just("*")),
                net.jqwik.api.Tuple.of(1, field(0, 6))))
        .as((a, b, c, d, e) -> String.join(" ", a, b, c, d, e));
  }

  /** Compares with a program that looks at each minute, around a change of the clocks. */
  @Property(tries = 300)
  void isDueWhenAScanOfAllMinutesSaysSo(
      @ForAll("expressions") String expression, @ForAll Random random) {
    ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
    Instant from =
        Instant.parse("2005-01-01T00:00:00Z").plusSeconds(random.nextLong(30L * 365 * 86_400));
    java.time.zone.ZoneOffsetTransition change = zone.getRules().nextTransition(from);
    if (change != null && random.nextInt(5) > 0) {
      from = change.getInstant().minusSeconds(random.nextInt(2 * 86_400));
    }
    MinuteScan scan = new MinuteScan(expression, zone);

    Optional<Instant> scanned = scan.next(from, 40);

    Optional<Instant> next = CronSchedule.parse(expression, zone).next(from);
    if (scanned.isPresent()) {
      assertThat(next).as("%s in %s after %s", expression, zone, from).isEqualTo(scanned);
    } else if (next.isPresent()) {
      assertThat(next.get()).isAfter(from.plusSeconds(39L * 86_400));
    }
  }
}

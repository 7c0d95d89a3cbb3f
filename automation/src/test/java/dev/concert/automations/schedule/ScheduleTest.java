package dev.concert.automations.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals, single times and recurrence rules. */
class ScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void anIntervalCountsFromItsAnchorWhenEverItIsAsked() {
    Instant anchor = Instant.parse("2026-03-01T10:07:30Z");
    Schedule schedule = IntervalSchedule.parse("PT90M", anchor);

    assertThat(schedule.next(anchor.minusSeconds(99_999))).contains(anchor.plusSeconds(5400));
    assertThat(schedule.next(anchor)).contains(anchor.plusSeconds(5400));
    assertThat(schedule.next(anchor.plusSeconds(5399))).contains(anchor.plusSeconds(5400));
    assertThat(schedule.next(anchor.plusSeconds(5400))).contains(anchor.plusSeconds(10_800));
    assertThat(schedule.next(anchor.plus(Duration.ofDays(3)).plusSeconds(1)))
        .contains(anchor.plus(Duration.ofDays(3)).plusSeconds(5400));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "15m", "PT0S", "PT59S", "-PT5M", "P2Y", "P400D", "PT99999999999999999999H"})
  void whatIsNoIntervalIsRefused(String text) {
    assertThatThrownBy(() -> IntervalSchedule.parse(text, Instant.EPOCH))
        .isInstanceOf(ScheduleException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-01T09:00, 2026-12-01T08:00:00Z",
    "2026-07-01T09:00, 2026-07-01T07:00:00Z",
    "2026-03-29T02:30, 2026-03-29T01:00:00Z",
    "2026-10-25T02:30, 2026-10-25T00:30:00Z",
    "2026-12-01T09:00-05:00, 2026-12-01T14:00:00Z",
    "2026-12-01T09:00Z, 2026-12-01T09:00:00Z",
    "2026-12-01T09:00:00.123456789Z, 2026-12-01T09:00:00.123Z",
  })
  void aSingleTimeIsOneOfTheZone(String text, Instant due) {
    Schedule schedule = OnceSchedule.parse(text, BERLIN);

    assertThat(schedule.next(Instant.EPOCH, 5)).containsExactly(due);
    assertThat(schedule.next(due)).isEmpty();
    assertThat(schedule.description()).startsWith("once, at 2026-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tomorrow", "2026-13-01T09:00", "09:00"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> OnceSchedule.parse(text, BERLIN))
        .isInstanceOf(ScheduleException.class)
        .hasMessageContaining("2026-12-01T09:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20260301T090000|Europe/Warsaw|FREQ=DAILY|2026-03-28T12:00Z|2026-03-29T09:00+02:00"
            + " 2026-03-30T09:00+02:00",
        "20260301T023000|Europe/Warsaw|FREQ=DAILY|2026-03-28T12:00Z|2026-03-29T03:00+02:00"
            + " 2026-03-30T02:30+02:00",
        "20260302T090000|Europe/Warsaw|FREQ=WEEKLY;BYDAY=MO,WE|2026-03-02T08:00Z|2026-03-04T09:00+01:00"
            + " 2026-03-09T09:00+01:00",
        "20260302T090000|UTC|FREQ=DAILY;COUNT=2|2026-03-01T00:00Z|2026-03-02T09:00Z"
            + " 2026-03-03T09:00Z",
        "20260302T090000|UTC|FREQ=DAILY;UNTIL=20260303T100000Z|2026-03-01T00:00Z|2026-03-02T09:00Z"
            + " 2026-03-03T09:00Z",
        "20260131T120000|UTC|FREQ=MONTHLY;BYMONTHDAY=-1|2026-02-01T00:00Z|2026-02-28T12:00Z"
            + " 2026-03-31T12:00Z",
        "20100101T000000|UTC|FREQ=MINUTELY;INTERVAL=7|2026-02-01T00:00Z|2026-02-01T00:04Z"
            + " 2026-02-01T00:11Z",
      })
  void aRecurrenceRuleIsDueInItsZone(
      String start, String zone, String rule, String after, String due) {
    RecurrenceSchedule schedule =
        RecurrenceSchedule.parse("DTSTART;TZID=%s:%s\nRRULE:%s".formatted(zone, start, rule));
    List<Instant> expected =
        Stream.of(due.split(" "))
            .map(OffsetDateTime::parse)
            .map(OffsetDateTime::toInstant)
            .toList();

    assertThat(schedule.next(OffsetDateTime.parse(after).toInstant(), 2)).isEqualTo(expected);
  }

  @Test
  void aRecurrenceRuleEndsAfterItsCount() {
    Schedule schedule =
        RecurrenceSchedule.parse("DTSTART;TZID=UTC:20260301T000000\nRRULE:FREQ=DAILY;COUNT=3");

    assertThat(schedule.next(Instant.EPOCH, 9)).hasSize(3);
    assertThat(RecurrenceSchedule.parse(schedule.toString()).next(Instant.EPOCH, 9)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DTSTART:20260301T090000\nRRULE:FREQ=DAILY",
        "DTSTART:20260301T090000Z\nRRULE:FREQ=DAILY",
        "RRULE:FREQ=DAILY",
        "DTSTART;TZID=Europe/Warsaw:20260301T090000",
        "DTSTART;TZID=Nowhere/Town:20260301T090000\nRRULE:FREQ=DAILY",
        "DTSTART;TZID=UTC:20260301T090000\nRRULE:FREQ=SOMETIMES",
        "DTSTART;TZID=UTC:20260301T090000\nRRULE:FREQ=SECONDLY",
        "DTSTART;TZID=UTC:20261301T090000\nRRULE:FREQ=DAILY",
        "DTSTART;TZID=UTC:20260230T090000\nRRULE:FREQ=DAILY",
      })
  void aRecurrenceRuleWithoutAZoneOrWithAMistakeIsRefused(String text) {
    assertThatThrownBy(() -> RecurrenceSchedule.parse(text)).isInstanceOf(ScheduleException.class);
  }

  @Test
  void schedulesAreDescribedInEnglish() {
    assertThat(CronSchedule.parse("30 9 * * 1-5", BERLIN).description())
        .contains("09:30")
        .contains("Monday")
        .contains("Europe/Berlin");
    assertThat(IntervalSchedule.parse("PT2H", Instant.EPOCH).description())
        .isEqualTo("every 2 hours");
    assertThat(IntervalSchedule.parse("P1D", Instant.EPOCH).description()).isEqualTo("every day");
    assertThat(IntervalSchedule.parse("PT90M", Instant.EPOCH).description())
        .isEqualTo("every 90 minutes");
    assertThat(CronSchedule.parse("* * * * *", ZoneOffset.UTC).description()).isNotBlank();
  }
}

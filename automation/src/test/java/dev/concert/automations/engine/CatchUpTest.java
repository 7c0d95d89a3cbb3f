package dev.concert.automations.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationPolicy.Misfire;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.SlotRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of times that have passed. */
class CatchUpTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static AutomationRow row(String every, Misfire misfire, int most, int grace) {
    AutomationPolicy policy =
        new AutomationPolicy(
                misfire, most, grace, null, null, null, null, null, null, null, null, null, null,
                null)
            .complete();
    AutomationTrigger trigger = new AutomationTrigger(AutomationTrigger.Kind.INTERVAL, every, null);
    return new AutomationRow(
        "auto_1",
        "x",
        AutomationRow.ENABLED,
        "",
        1,
        trigger,
        new AutomationTask("x", null, null, null, null, null),
        policy,
        Optional.of(START.plus(Duration.parse(every))),
        "u",
        START,
        START,
        START,
        0);
  }

  private static CatchUp passed(AutomationRow row, Instant now) {
    return CatchUp.of(row, row.schedule().orElseThrow(), now);
  }

  @ParameterizedTest
  @CsvSource({
    // Three days of hours: 72 times, the last of them on time.
    "PT1H, ONCE, 10, 300, 71, 1, 0",
    "PT1H, SKIP, 10, 300, 71, 1, 0",
    "PT1H, ALL, 10, 300, 61, 11, 10",
    // Each seven hours: ten times, the last two hours ago.
    "PT7H, ONCE, 10, 300, 9, 1, 1",
    "PT7H, SKIP, 10, 300, 10, 0, 0",
    "PT7H, ALL, 3, 300, 7, 3, 3",
    "PT7H, ALL, 100, 300, 0, 10, 10",
    "PT7H, SKIP, 10, 7200, 9, 1, 0",
  })
  void threeDaysOfDowntimeEndAsThePolicySays(
      String every, Misfire misfire, int most, int grace, int missed, int due, int late) {
    CatchUp passed = passed(row(every, misfire, most, grace), START.plus(Duration.ofDays(3)));

    assertThat(passed.slots()).filteredOn(one -> one.state().equals("missed")).hasSize(missed);
    List<SlotRow> running =
        passed.slots().stream().filter(one -> one.state().equals("due")).toList();
    assertThat(running).hasSize(due);
    assertThat(running).filteredOn(SlotRow::late).hasSize(late);
    assertThat(passed.next().orElseThrow()).isAfter(START.plus(Duration.ofDays(3)));
  }

  @Test
  void moreTimesThanFitIntoOneLookAreTakenInPieces() {
    AutomationRow row = row("PT1M", Misfire.ONCE, 10, 0);
    Instant now = START.plus(Duration.ofDays(3)).plusSeconds(30);

    CatchUp first = passed(row, now);

    assertThat(first.slots()).hasSize(CatchUp.MOST).allMatch(one -> one.state().equals("missed"));
    assertThat(first.next()).contains(START.plus(Duration.ofMinutes(CatchUp.MOST + 1)));
  }

  @Property(tries = 200)
  void eachTimeThatPassedIsOneSlotAndOnlyTheNewestRun(
      @ForAll Misfire misfire,
      @ForAll @IntRange(min = 1, max = 500) int minutes,
      @ForAll @IntRange(min = 0, max = 90_000) int passedSeconds,
      @ForAll @IntRange(min = 1, max = 100) int most,
      @ForAll @IntRange(min = 0, max = 3600) int grace) {
    AutomationRow row = row("PT" + minutes + "M", misfire, most, grace);
    Instant now = row.nextAt().orElseThrow().plusSeconds(passedSeconds);

    CatchUp passed = passed(row, now);

    Instant expected = row.nextAt().orElseThrow();
    boolean runs = false;
    for (SlotRow slot : passed.slots()) {
      assertThat(slot.scheduledAt()).isEqualTo(expected);
      expected = expected.plus(Duration.ofMinutes(minutes));
      boolean isLate = Duration.between(slot.scheduledAt(), now).toSeconds() > grace;
      assertThat(slot.late()).isEqualTo(isLate);
      assertThat(slot.state()).isEqualTo(runs || !isLate ? "due" : slot.state());
      runs = slot.state().equals("due");
    }
    assertThat(passed.next()).contains(expected);
    assertThat(expected).isAfter(now);
  }
}

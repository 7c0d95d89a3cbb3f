package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.AutomationTrigger.Kind;
import dev.concert.automations.schedule.Schedule;
import dev.concert.automations.schedule.Schedules;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The day on which clocks go forward in Berlin, with a downtime, at 1,000 times its speed. Without
 * {@code -Dconcert.simulatedDay=true} it is the first six hours, faster; with it the history is
 * written into docs/automations.md.
 */
class SimulatedDayTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant MIDNIGHT = Instant.parse("2026-03-28T23:00:00Z");
  private static final Instant DOWN = MIDNIGHT.plus(Duration.ofMinutes(185));
  private static final Instant UP = MIDNIGHT.plus(Duration.ofMinutes(250));
  private static final boolean WHOLE = Boolean.getBoolean("concert.simulatedDay");
  private static final Instant END = MIDNIGHT.plus(Duration.ofHours(WHOLE ? 23 : 6));
  private static final int SPEED = WHOLE ? 1000 : 10_000;
  private static final String FROM = "<!-- simulated day -->\n";
  private static final String TO = "<!-- end of the simulated day -->\n";

  /** A slow machine makes runs long by this clock. */
  private static final AutomationPolicy PATIENT =
      new AutomationPolicy(
          null, null, null, null, null, 86_400, null, null, null, null, null, null, 100, null);

  private static final Map<String, AutomationTrigger> AUTOMATIONS = automations();

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static Map<String, AutomationTrigger> automations() {
    Map<String, AutomationTrigger> all = new LinkedHashMap<>();
    String zone = BERLIN.getId();
    all.put("Report", new AutomationTrigger(Kind.CRON, "0 * * * *", zone));
    all.put("Back-up", new AutomationTrigger(Kind.CRON, "30 2 * * *", zone));
    all.put("Morning tests", new AutomationTrigger(Kind.CRON, "0 9 * * *", zone));
    all.put("Poll", new AutomationTrigger(Kind.INTERVAL, "PT50M", null));
    all.put("Heartbeat", new AutomationTrigger(Kind.HEARTBEAT, "PT30M", zone, null, "22:00-05:30"));
    return all;
  }

  private static String create(Engine engine, String name, AutomationTrigger trigger) {
    String session = trigger.kind() == Kind.HEARTBEAT ? "s0" : null;
    return engine
        .ask(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                ANNE,
                name,
                trigger,
                new AutomationTask(name, null, null, session, null, null),
                PATIENT,
                false))
        .automationId();
  }

  @Test
  void eachTimeOfTheDayHasOneRow() throws IOException {
    Map<String, String> ids = new LinkedHashMap<>();
    try (Engine engine = new Engine(data, gateway, MIDNIGHT)) {
      AUTOMATIONS.forEach((name, trigger) -> ids.put(name, create(engine, name, trigger)));
      live(engine, MIDNIGHT, DOWN);
    }
    try (Engine engine = new Engine(data, gateway, UP)) {
      live(engine, UP, END);
      Await.until(
          "the last run",
          () ->
              ids.entrySet().stream()
                  .allMatch(one -> isOver(engine.states(one.getValue()), one.getKey())));
      long ran = 0;
      List<Row> rows = new ArrayList<>();
      for (Map.Entry<String, String> one : ids.entrySet()) {
        List<Slot> slots = engine.slots(one.getValue()).reversed();
        assertThat(slots).extracting(Slot::scheduledAt).isEqualTo(times(one.getKey()));
        ran += slots.stream().filter(slot -> slot.state().equals("done")).count();
        rows.addAll(rows(one.getKey(), slots));
      }
      assertThat(gateway.begun()).hasSize((int) ran);
      if (WHOLE) {
        write(rows);
      }
    }
  }

  /** Each time has its row, and nothing more will become of it. */
  private static boolean isOver(List<String> states, String name) {
    return states.size() == times(name).size()
        && states.stream().noneMatch(state -> state.equals("due") || state.equals("claimed"));
  }

  /** The clock goes on at a multiple of its speed. */
  private static void live(Engine engine, Instant from, Instant to) {
    long began = System.nanoTime();
    Await.until(
        "a part of the day",
        () -> {
          Instant now = from.plusNanos((System.nanoTime() - began) * SPEED);
          engine.moveTo(now.isBefore(to) ? now : to);
          return !now.isBefore(to);
        });
  }

  private static List<Long> times(String name) {
    Schedule schedule = Schedules.of(AUTOMATIONS.get(name), MIDNIGHT).orElseThrow();
    return schedule.next(MIDNIGHT, 100).stream()
        .filter(at -> !at.isAfter(END))
        .map(Instant::toEpochMilli)
        .toList();
  }

  /** Times that follow each other and of which the same became. */
  private record Row(String name, String from, String to, int count, String what) {}

  private static List<Row> rows(String name, List<Slot> slots) {
    List<Row> rows = new ArrayList<>();
    for (Slot slot : slots) {
      String at = DateTimeFormatter.ofPattern("HH:mm").format(time(slot));
      String what =
          (slot.state().equals("done") ? slot.run().state() : slot.state())
              + (slot.late() && slot.run() != null ? ", late" : "")
              + (slot.reason() == null ? "" : ": " + slot.reason());
      Row last = rows.isEmpty() ? null : rows.getLast();
      if (last != null && last.what().equals(what)) {
        rows.set(rows.size() - 1, new Row(name, last.from(), at, last.count() + 1, what));
      } else {
        rows.add(new Row(name, at, at, 1, what));
      }
    }
    return rows;
  }

  private static ZonedDateTime time(Slot slot) {
    return Instant.ofEpochMilli(slot.scheduledAt()).atZone(BERLIN);
  }

  private static void write(List<Row> rows) throws IOException {
    Path page = Path.of(System.getProperty("concert.home")).resolve("docs/automations.md");
    String text = Files.readString(page);
    String table =
        rows.stream()
            .map(
                row ->
                    "| %s | %s | %d | %s |\n"
                        .formatted(
                            row.name(),
                            row.from().equals(row.to()) ? row.from() : row.from() + "–" + row.to(),
                            row.count(),
                            row.what()))
            .collect(joining());
    Files.writeString(
        page,
        text.substring(0, text.indexOf(FROM) + FROM.length())
            + "| automation | due at | times | what became of them |\n|---|---|---|---|\n"
            + table
            + text.substring(text.indexOf(TO)));
  }
}

package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Automations;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationPolicy.Concurrency;
import dev.concert.automation.AutomationPolicy.Permissions;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway away, the disk full, a person who does not answer, many automations. */
class AutomationFaultTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant DUE = START.plus(Duration.ofHours(1));

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static AutomationPolicy policy(Concurrency concurrency, Permissions permissions) {
    return new AutomationPolicy(
        null,
        null,
        null,
        concurrency,
        null,
        86_400,
        null,
        permissions,
        null,
        600,
        null,
        null,
        null,
        null);
  }

  private static String runState(Engine engine, String id) {
    return engine.slots(id).stream()
        .findFirst()
        .map(slot -> slot.run() == null ? slot.state() : slot.run().state())
        .orElse("none");
  }

  @Test
  void aRunWaitsForAGatewayThatIsAway() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.goAway();
      String id = engine.create(ANNE, "later", "PT1H", null).automationId();
      engine.moveTo(DUE);
      Await.until("the run", () -> runState(engine, id).equals("starting"));
      gateway.comeBack();
      Await.until("the end", () -> runState(engine, id).equals("succeeded"));
    }
    assertThat(gateway.begun()).containsExactly("later");
  }

  @Test
  void aRunForAGatewayThatStaysAwayEndsWithItsTime() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.goAway();
      String id = engine.create(ANNE, "never", "P1D", null).automationId();
      engine.moveTo(START.plus(Duration.ofDays(1)));
      Await.until("the run", () -> runState(engine, id).equals("starting"));
      engine.advance(Duration.ofHours(2));
      Await.until("the end", () -> runState(engine, id).equals("timed_out"));
      assertThat(engine.slots(id).getFirst().run().error()).contains("Podium is not running");
    }
  }

  @Test
  void aRestartGivesAPersonNoMoreTimeToAnswer() {
    gateway.ask(DUE);
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      id =
          engine
              .create(ANNE, "asks", "PT1H", policy(Concurrency.SKIP, Permissions.WAIT))
              .automationId();
      engine.moveTo(DUE);
      Await.until("the question", () -> runState(engine, id).equals("waiting"));
    }
    try (Engine engine = new Engine(data, gateway, DUE.plusSeconds(300))) {
      engine.advance(Duration.ofSeconds(5));
      Await.until("the question", () -> runState(engine, id).equals("waiting"));
      engine.moveTo(DUE.plusSeconds(601));
      Await.until("the end", () -> runState(engine, id).equals("timed_out"));
      assertThat(engine.slots(id).getFirst().run().error())
          .isEqualTo("Its question was not answered in time.");
    }
  }

  @Test
  void thoseThatWaitInTheirQueuesDoNotHoldUpOthers() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.hold();
      for (int i = 0; i < 101; i++) {
        engine.create(ANNE, "queued", "PT1H", policy(Concurrency.QUEUE, Permissions.DENY));
      }
      engine.moveTo(DUE);
      Await.until("the first runs", () -> gateway.begun().size() == 101);
      String other = engine.create(ANNE, "other", "PT70M", null).automationId();
      // Each of the others has a time in its queue now, earlier than this one.
      engine.moveTo(DUE.plus(Duration.ofMinutes(70)));
      Await.until("the other", () -> runState(engine, other).equals("running"));
    }
  }

  @Test
  @RequiresRoot("mounts a small disk")
  @ExpectedLog(
      logger = "dev.concert.automations.engine.TenantAutomations",
      message = "The automations of tenant t1 cannot be read or written",
      required = false)
  @ExpectedLog(logger = "dev.concert.bus.Endpoint", message = "Request .* to automations failed")
  void aFullDiskLosesNoTime() throws Exception {
    Path disk = Files.createDirectories(data.resolve("tenants"));
    mount("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "full", "PT1H", null).automationId();
      Path filler = disk.resolve("filler");
      fill(filler);
      engine.moveTo(DUE);
      engine.advance(Duration.ofSeconds(30));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 50; i++) {
                  engine.create(ANNE, "x".repeat(200), "PT1H", null);
                }
              })
          .isInstanceOf(ConcertException.class);
      // What GitHub's service was refused it tells again.
      RuleWork work = work("x".repeat(90_000));
      assertThatThrownBy(() -> engine.ask(AutomationAddresses.TAKE_RULE_WORK, work))
          .isInstanceOf(ConcertException.class);
      Files.delete(filler);
      Await.until("the run", () -> runState(engine, id).equals("succeeded"));
      assertThat(engine.slots(id)).hasSize(1);
      assertThat(gateway.begun()).containsExactly("full");
      engine.ask(AutomationAddresses.TAKE_RULE_WORK, work);
      engine.ask(AutomationAddresses.TAKE_RULE_WORK, work);
      String rule =
          engine
              .ask(
                  AutomationAddresses.LIST_AUTOMATIONS,
                  new AutomationMessages.ListAutomations(ANNE, 500, null))
              .automations()
              .stream()
              .filter(one -> one.name().startsWith("bugs"))
              .findFirst()
              .orElseThrow()
              .automationId();
      assertThat(engine.states(rule)).containsExactly("claimed");
    } finally {
      mount("umount", "-l", disk.toString());
    }
  }

  private static RuleWork work(String prompt) {
    return new RuleWork(
        "t1",
        "anne",
        "acme/site",
        ".github/concert.yml",
        "bugs",
        12,
        prompt,
        "w1",
        7,
        START.toEpochMilli(),
        "running",
        "s1",
        "",
        null);
  }

  private static void mount(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static void fill(Path file) {
    byte[] piece = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      for (int i = 0; i < 1000; i++) {
        out.write(piece);
      }
    } catch (IOException full) {
      return;
    }
    throw new AssertionError("The disk is not full");
  }

  @Test
  void automationsAreListedInPages() {
    try (Engine engine = new Engine(data, gateway, START)) {
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        made.add(engine.create(ANNE, "n" + i, "PT1H", null).automationId());
        engine.advance(Duration.ofMillis(i % 2));
      }
      List<String> listed = new ArrayList<>();
      String cursor = null;
      do {
        Automations page =
            engine.ask(
                AutomationAddresses.LIST_AUTOMATIONS,
                new AutomationMessages.ListAutomations(ANNE, 3, cursor));
        page.automations().forEach(one -> listed.add(one.automationId()));
        cursor = page.nextCursor();
      } while (cursor != null);
      assertThat(listed).hasSize(7).containsExactlyInAnyOrderElementsOf(made);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", ":", "1", "a:b", "99999999999999999999:b"})
  void whatIsNoCursorIsRefused(String cursor) {
    try (Engine engine = new Engine(data, gateway, START)) {
      assertThatThrownBy(
              () ->
                  engine.ask(
                      AutomationAddresses.LIST_AUTOMATIONS,
                      new AutomationMessages.ListAutomations(ANNE, 3, cursor)))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("cursor");
    }
  }
}

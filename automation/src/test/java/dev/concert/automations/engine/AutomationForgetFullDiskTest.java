package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.ForgetAutomations;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant is deleted while the disk of the engine's own files is full. */
@RequiresRoot("mounts a small disk")
@ExpectedLog(
    logger = "dev.concert.error.DiskFailure",
    message = "The disk is full or fails: \\[SQLITE_")
class AutomationForgetFullDiskTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final ForgetAutomations FORGET = new ForgetAutomations(ANNE.tenantId());

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  @Test
  void theEngineSaysSoAndForgetsItOnceThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.at(data.resolve("automations"), 4);
        Engine engine = new Engine(data, gateway, START)) {
      engine.create(ANNE, "hourly", "PT1H", null);
      disk.fill();

      ConcertException refusal =
          catchThrowableOfType(
              ConcertException.class,
              () -> engine.ask(AutomationAddresses.FORGET_AUTOMATIONS, FORGET));
      assertThat(refusal.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
      assertThat(refusal.retryAfterMs()).isPositive();

      disk.makeRoom();
      engine.ask(AutomationAddresses.FORGET_AUTOMATIONS, FORGET);
      engine.moveTo(START.plus(Duration.ofHours(1)));
      engine.create(new Caller("t2", "bob", false), "of another tenant", "PT1H", null);
      engine.advance(Duration.ofHours(2));
      Await.until("a run of another tenant", () -> gateway.begun().contains("of another tenant"));
      assertThat(gateway.begun()).doesNotContain("hourly");
    }
  }
}

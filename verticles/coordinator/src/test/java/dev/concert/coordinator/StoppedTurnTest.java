package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.config.CoordinatorTimeouts;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import dev.concert.testing.Fastest;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop of a turn ends what the turn started, and nothing else. */
class StoppedTurnTest {

  abstract static class InAnySandbox {
    @Test
    void whatTheTurnStartedInTheBackgroundEndsAndTheAgentGoesOn(CoordinatorHarness coordinator) {
      EventRecorder events = coordinator.record("one");
      coordinator.start("one");
      coordinator.tell("one", "m0", "background_and_end 7771");
      events.awaitEnd("m0");
      coordinator.tell("one", "m1", "background 7772");
      events.awaitThat("it has started", all -> all.text().contains("working"));
      awaitSleepers(coordinator, 2);
      coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
      assertThat(events.awaitEnd("m1"))
          .isEqualTo(
              new ServerEvent.TurnComplete("so far", "stopped", ServerEvent.UsageTotals.NONE));
      awaitSleepers(coordinator, 1);
      assertThat(sleepers(coordinator)).singleElement().asString().contains("7771");
      coordinator.tell("one", "m2", "background_and_end 7773");
      assertThat(events.awaitEnd("m2")).isInstanceOf(ServerEvent.TurnComplete.class);
      awaitSleepers(coordinator, 2);
      assertThat(events.events(ServerEvent.SandboxRemoved.class)).isEmpty();
    }

    @Test
    void anEndedTurnLeavesWhatItStartedInTheBackground(CoordinatorHarness coordinator) {
      EventRecorder events = coordinator.record("one");
      coordinator.start("one");
      coordinator.tell("one", "m1", "background_and_end 7774");
      events.awaitEnd("m1");
      awaitSleepers(coordinator, 1);
      coordinator.stop("one");
      assertThat(sleepers(coordinator)).isEmpty();
    }

    /** A process has its program a moment after its start, and is gone a moment after a signal. */
    private static void awaitSleepers(CoordinatorHarness coordinator, int count) {
      Await.until(() -> sleepers(coordinator).size() == count);
    }

    private static List<String> sleepers(CoordinatorHarness coordinator) {
      return CoordinatorHarness.processesWith(
              coordinator.folder("one").resolve("ipc.sock").toString())
          .stream()
          .filter(process -> process.contains("sleep\0" + "777"))
          .toList();
    }
  }

  @Test
  void anAgentThatDoesNotAnswerAStopIsGoneAfterASecond(@TempDir Path folder) {
    CoordinatorOptions options = CoordinatorHarness.options(folder, SandboxMode.AUTO);
    CoordinatorOptions usual =
        new CoordinatorOptions(
            options.instances(),
            options.agents(),
            options.mode(),
            options.sandbox(),
            options.users(),
            options.maxTokens(),
            options.profiles(),
            options.egress(),
            options.limits(),
            CoordinatorTimeouts.DEFAULT);
    try (CoordinatorHarness coordinator = CoordinatorHarness.open(folder, usual)) {
      Fastest.isWithin(
          Duration.ofSeconds(2),
          round -> {
            String instance = "deaf" + round;
            EventRecorder events = coordinator.record(instance);
            coordinator.start(instance);
            coordinator.tell(instance, "m1", "hang");
            events.await(ServerEvent.TextDelta.class);
            return Fastest.time(
                () -> {
                  coordinator.ask(Addresses.INTERRUPT, new Interrupt(instance, "", "m1"));
                  events.await(ServerEvent.SandboxRemoved.class);
                });
          });
    }
  }

  @Nested
  @WithCoordinator
  class WithTheBestSandboxOfTheHost extends InAnySandbox {}

  @Nested
  @ExpectedLog(
      logger = "dev.concert.coordinator.CoordinatorVerticle",
      message = "Agents are not shut in as they should be")
  @WithCoordinator(SandboxMode.PROCESS)
  class WithoutASandbox extends InAnySandbox {}
}

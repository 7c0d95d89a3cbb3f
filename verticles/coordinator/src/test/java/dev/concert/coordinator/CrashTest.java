package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.ChildProcesses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Fastest;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone")
@WithCoordinator
class CrashTest {
  @Test
  void aCrashIsReportedWithinTwoSeconds(CoordinatorHarness coordinator) {
    Fastest.isWithin(
        Duration.ofSeconds(2),
        round -> {
          String instance = "crash" + round;
          EventRecorder events = coordinator.record(instance);
          coordinator.start(instance);
          return Fastest.time(
              () -> {
                coordinator.tell(instance, "m1", "die 3");
                events.await(ServerEvent.TurnError.class);
              });
        });
  }

  @Test
  void aCrashInATurnIsReportedWithTheEndOfTheLog(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    InstanceStarted started = coordinator.start("one");
    coordinator.tell("one", "m1", "die 3");
    ServerEvent.TurnError failed = events.await(ServerEvent.TurnError.class);
    assertThat(events.awaitEnd("m1")).isEqualTo(failed);
    assertThat(failed.code()).isEqualTo("AGENT_CRASHED");
    assertThat(failed.retryable()).isTrue();
    assertThat(failed.message()).isEqualTo("The agent ended with exit code 3.");
    assertThat(failed.details()).contains("the last words", "started one");
    events.await(ServerEvent.SandboxRemoved.class);
    assertThat(events.events().stream().skip(4).map(event -> event.getClass().getSimpleName()))
        .containsExactly("TextDelta", "TurnError", "SandboxRemoved");
    events.awaitThat("its end", all -> coordinator.ensemble().token("one").isEmpty());
    assertThat(coordinator.chronicle().isMounted("one")).isTrue();

    InstanceStarted again = coordinator.start("one");
    coordinator.tell("one", "m2", "echo back");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(again.fresh()).isTrue();
    assertThat(again.epoch()).isNotEqualTo(started.epoch());
  }

  @Test
  void aSignalIsNamed(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "die signal");
    assertThat(events.await(ServerEvent.TurnError.class).message()).contains("signal 11 (SIGSEGV)");
  }

  @Test
  void aCrashBetweenTwoMessagesBelongsToNone(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "die_later");
    ServerEvent.TurnError failed = events.await(ServerEvent.TurnError.class);
    assertThat(events.messageOf(failed)).isEmpty();
    assertThat(failed.message()).contains("exit code 4");
    assertThat(failed.details()).contains("gone between two messages");
    assertThat(events.events(ServerEvent.TurnComplete.class)).hasSize(1);
    events.await(ServerEvent.SandboxRemoved.class);
    assertThat(
            coordinator
                .refusal(Addresses.DELIVER_MESSAGE, CoordinatorHarness.message("one", "m2", "echo"))
                .code())
        .isEqualTo(ErrorCode.SESSION_INACTIVE);
  }

  @Test
  void theFileChangesOfACrashedTurnComeBeforeItsFailure(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "obey");
    events.await(ServerEvent.TextDelta.class);
    coordinator.chronicle().change("one", "half.txt", false);
    coordinator.ask(Addresses.STEER, new Steer("one", "", "on"));
    ChildProcesses.killAgentOf(coordinator.root().resolve("instances/one"));
    events.await(ServerEvent.SandboxRemoved.class);
    List<String> kinds =
        events.events().stream().map(event -> event.getClass().getSimpleName()).toList();
    assertThat(kinds).containsSubsequence("FileChanged", "TurnError", "SandboxRemoved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exits-at-once", "never-connects", "never-ready"})
  void anAgentThatDoesNotBecomeReadyIsACodedFailureAndNothingIsLeftOver(
      String type, @TempDir Path folder) {
    try (CoordinatorHarness coordinator =
        CoordinatorHarness.open(
            folder, CoordinatorHarness.options(folder, SandboxMode.AUTO, Duration.ofSeconds(10)))) {
      verifyThatNothingIsLeftOver(type, coordinator);
    }
  }

  private static void verifyThatNothingIsLeftOver(String type, CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    ConcertException refusal =
        coordinator.refusal(Addresses.START_INSTANCE, CoordinatorHarness.request("one", type));
    assertThat(refusal.code()).isEqualTo(ErrorCode.AGENT_CRASHED);
    assertThat(refusal.getMessage() + refusal.problem().details())
        .contains(
            switch (type) {
              case "exits-at-once" -> "a bug at the top";
              case "never-connects" -> "did not connect in time";
              default -> "did not become ready in time";
            });
    assertThat(events.await(ServerEvent.SandboxRemoved.class).reason()).isEqualTo("start_failed");
    assertThat(events.events(ServerEvent.TurnError.class)).isEmpty();
    assertThat(coordinator.ensemble().token("one")).isEmpty();
    assertThat(coordinator.chronicle().isMounted("one")).isFalse();
    assertThat(coordinator.processes()).isEmpty();
    assertThat(coordinator.folder("one").resolve("process.json")).doesNotExist();
    assertThat(coordinator.start("one").fresh()).isTrue();
  }
}

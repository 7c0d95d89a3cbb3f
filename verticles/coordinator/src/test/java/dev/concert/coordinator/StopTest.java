package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.ChildProcesses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Fastest;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithCoordinator
@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone",
    required = false)
class StopTest {
  @Test
  void anAgentThatIgnoresShutdownIsKilled(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one", "stubborn");
    coordinator.stop("one");
    assertThat(events.await(ServerEvent.SandboxRemoved.class).reason()).isEqualTo("test_over");
    assertThat(coordinator.processes()).isEmpty();
  }

  @Test
  void aTurnThatIsCutOffByAStopIsAStoppedTurn(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "hang");
    coordinator.stop("one");
    assertThat(events.await(ServerEvent.TurnComplete.class))
        .isEqualTo(new ServerEvent.TurnComplete("", "stopped", ServerEvent.UsageTotals.NONE));
    assertThat(events.await(ServerEvent.SandboxRemoved.class).reason()).isEqualTo("test_over");
  }

  @Test
  void stoppingWhatDoesNotRunSucceeds(CoordinatorHarness coordinator) {
    coordinator.stop("never-there");
    coordinator.start("one");
    coordinator.stop("one");
    coordinator.stop("one");
  }

  @Test
  void aStopAfterACrashUnmountsTheWorkspace(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "die");
    events.await(ServerEvent.SandboxRemoved.class);
    coordinator.stop("one");
    assertThat(coordinator.chronicle().isMounted("one")).isFalse();
  }

  @Test
  void theCoordinatorLeavesNoProcessNoMountAndNoControlGroupWhenItStops(
      CoordinatorHarness coordinator) throws IOException {
    List.of("a", "b", "c").forEach(coordinator::start);
    coordinator.start("d", "stubborn");
    coordinator.tell("a", "m1", "hang");
    coordinator.undeploy();
    assertThat(coordinator.processes()).isEmpty();
    assertThat(List.of("a", "b", "c", "d"))
        .noneMatch(coordinator.chronicle()::isMounted)
        .allMatch(id -> coordinator.ensemble().token(id).isEmpty());
    assertThat(ChildProcesses.controlGroups()).noneMatch(name -> name.matches(".*\\.[abcd]"));
    try (Stream<Path> files = Files.list(coordinator.folder("a"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("db", "logs")
          .isSubsetOf("db", "logs", "user"); // the last where each agent is a user of its own
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"never-connects", "never-ready"})
  void aStartingAgentIsStoppedWithinTwoSeconds(String type, CoordinatorHarness coordinator) {
    Fastest.isWithin(
        Duration.ofSeconds(2),
        round -> {
          String instance = "start" + round;
          EventRecorder events = coordinator.record(instance);
          Future<InstanceStarted> start = beginStart(coordinator, instance, type);
          events.await(
              ServerEvent.SandboxProvisioning.class, step -> step.phase().equals("configuring"));
          Duration taken = Fastest.time(() -> coordinator.stop(instance));
          assertThatThrownBy(() -> CoordinatorHarness.await(start))
              .isInstanceOf(ConcertException.class);
          return taken;
        });
  }

  private static Future<InstanceStarted> beginStart(
      CoordinatorHarness coordinator, String instance, String type) {
    return coordinator
        .bus()
        .request(
            Addresses.START_INSTANCE,
            CoordinatorHarness.request(instance, type),
            Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"never-connects", "never-ready"})
  void aStopDoesNotWaitForAnAgentThatIsStillStarting(String type, CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    Future<InstanceStarted> start = beginStart(coordinator, "one", type);
    events.await(ServerEvent.SandboxProvisioning.class, step -> step.phase().equals("configuring"));
    coordinator.stop("one");
    assertThatThrownBy(() -> CoordinatorHarness.await(start))
        .isInstanceOfSatisfying(
            ConcertException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SESSION_INACTIVE));
    assertThat(events.events(ServerEvent.SandboxRemoved.class)).hasSize(1);
    assertThat(coordinator.ensemble().token("one")).isEmpty();
    assertThat(coordinator.chronicle().isMounted("one")).isFalse();
    assertThat(coordinator.start("one").fresh()).isTrue();
  }
}

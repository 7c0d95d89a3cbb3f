package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.Children;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.InstanceStarted;
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

@OnStage
class StopTest {
  @Test
  void anAgentThatIgnoresShutdownIsKilled(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one", "stubborn");
    stage.stop("one");
    assertThat(events.await(NativeEvent.SandboxRemoved.class).reason()).isEqualTo("test_over");
    assertThat(stage.processes()).isEmpty();
  }

  @Test
  void aTurnThatIsCutOffByAStopIsAStoppedTurn(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "hang");
    stage.stop("one");
    assertThat(events.await(NativeEvent.Complete.class))
        .isEqualTo(new NativeEvent.Complete("m1", "stopped", ""));
    assertThat(events.await(NativeEvent.SandboxRemoved.class).reason()).isEqualTo("test_over");
  }

  @Test
  void stoppingWhatDoesNotRunSucceeds(Stage stage) {
    stage.stop("never-there");
    stage.start("one");
    stage.stop("one");
    stage.stop("one");
  }

  @Test
  void aStopAfterACrashUnmountsTheWorkspace(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "die");
    events.await(NativeEvent.SandboxRemoved.class);
    stage.stop("one");
    assertThat(stage.chronicle().isMounted("one")).isFalse();
  }

  @Test
  void theCoordinatorLeavesNoProcessNoMountAndNoControlGroupWhenItStops(Stage stage)
      throws IOException {
    List.of("a", "b", "c").forEach(stage::start);
    stage.start("d", "stubborn");
    stage.tell("a", "m1", "hang");
    stage.undeploy();
    assertThat(stage.processes()).isEmpty();
    assertThat(List.of("a", "b", "c", "d"))
        .noneMatch(stage.chronicle()::isMounted)
        .allMatch(id -> stage.ensemble().token(id).isEmpty());
    assertThat(Children.controlGroups()).noneMatch(name -> name.matches(".*\\.[abcd]"));
    try (Stream<Path> files = Files.list(stage.folder("a"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("db", "logs");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"never-connects", "never-ready"})
  void aStopDoesNotWaitForAnAgentThatIsStillStarting(String type, Stage stage) {
    EventRecorder events = stage.record("one");
    Future<InstanceStarted> start =
        stage
            .bus()
            .request(Addresses.START_INSTANCE, Stage.request("one", type), Duration.ofSeconds(10));
    events.await(NativeEvent.SandboxProvisioning.class, step -> step.phase().equals("configuring"));
    long before = System.nanoTime();
    stage.stop("one");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    assertThatThrownBy(() -> Stage.await(start))
        .isInstanceOfSatisfying(
            ConcertException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SESSION_INACTIVE));
    assertThat(events.events(NativeEvent.SandboxRemoved.class)).hasSize(1);
    assertThat(stage.ensemble().token("one")).isEmpty();
    assertThat(stage.chronicle().isMounted("one")).isFalse();
    assertThat(stage.start("one").fresh()).isTrue();
  }
}

package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.StopInstance;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithCoordinator
class StartTest {
  @Test
  void startsThatComeTogetherShareOneProcess(CoordinatorHarness coordinator) {
    List<Future<InstanceStarted>> starts =
        IntStream.range(0, 5)
            .mapToObj(
                n ->
                    coordinator
                        .bus()
                        .request(
                            Addresses.START_INSTANCE,
                            CoordinatorHarness.request("one", "scripted"),
                            Duration.ofMinutes(2)))
            .toList();
    List<String> epochs =
        starts.stream().map(start -> CoordinatorHarness.await(start).epoch()).distinct().toList();
    assertThat(epochs).hasSize(1);
    InstanceStarted later = coordinator.start("one");
    assertThat(later.epoch()).isEqualTo(epochs.getFirst());
    assertThat(later.fresh()).isFalse();
  }

  @Test
  void aStartThatComesDuringAStopIsDoneAfterIt(CoordinatorHarness coordinator) {
    InstanceStarted first = coordinator.start("one");
    var stopping =
        coordinator
            .bus()
            .request(
                Addresses.STOP_INSTANCE, new StopInstance("one", "bye"), Duration.ofMinutes(2));
    InstanceStarted second = coordinator.start("one");
    CoordinatorHarness.await(stopping);
    assertThat(second.fresh()).isTrue();
    assertThat(second.epoch()).isNotEqualTo(first.epoch());
    assertThat(coordinator.chronicle().isMounted("one")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../up", "a b", "a/b", "ä"})
  void anIdThatCouldBeAPathIsRefused(String id, CoordinatorHarness coordinator) {
    assertThat(
            coordinator
                .refusal(Addresses.START_INSTANCE, CoordinatorHarness.request(id, "scripted"))
                .code())
        .isEqualTo(ErrorCode.INVALID_MESSAGE);
  }

  @Test
  void anUnknownAgentTypeIsRefusedNamingTheKnownOnes(CoordinatorHarness coordinator) {
    ConcertException refusal =
        coordinator.refusal(Addresses.START_INSTANCE, CoordinatorHarness.request("one", "nobody"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.AGENT_TYPE_UNKNOWN);
    assertThat(refusal.getMessage()).contains("nobody", "scripted", "stubborn");
  }

  @Test
  void aChronicleThatDoesNotAnswerIsACodedFailureAndNothingIsLeftOver(
      CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.chronicle().answers(false);
    ConcertException refusal =
        coordinator.refusal(
            Addresses.START_INSTANCE, CoordinatorHarness.request("one", "scripted"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(events.events()).last().isEqualTo(new ServerEvent.SandboxRemoved("start_failed"));
    assertThat(coordinator.ensemble().token("one")).isEmpty();
    assertThat(coordinator.processes()).isEmpty();
    coordinator.chronicle().answers(true);
    assertThat(coordinator.start("one").fresh()).isTrue();
  }

  @Test
  void aFolderTooDeepForASocketGetsAPrivateOneElsewhere(CoordinatorHarness coordinator) {
    Path deep = coordinator.root().resolve("d".repeat(60)).resolve("e".repeat(60));
    try (CoordinatorHarness elsewhere = CoordinatorHarness.open(deep, SandboxMode.AUTO)) {
      EventRecorder events = elsewhere.record("one");
      elsewhere.start("one");
      elsewhere.tell("one", "m1", "shell echo $CONCERT_IPC_SOCKET; ls -la $CONCERT_IPC_SOCKET");
      events.await(ServerEvent.TurnComplete.class);
      Path socket = Path.of(events.text().lines().findFirst().orElseThrow());
      assertThat(socket.toString()).startsWith("/tmp/concert-");
      assertThat(events.text()).contains("srw-------");
      elsewhere.stop("one");
      assertThat(socket.getParent()).doesNotExist();
    }
  }

  @Test
  void twoCoordinatorsDoNotShareAnInstancesFolder(CoordinatorHarness coordinator) {
    try (CoordinatorHarness second =
        CoordinatorHarness.empty(
            coordinator.root(), CoordinatorHarness.options(coordinator.root(), SandboxMode.AUTO))) {
      org.assertj.core.api.Assertions.assertThatThrownBy(second::deploy)
          .hasStackTraceContaining("is used by another coordinator");
    }
  }
}

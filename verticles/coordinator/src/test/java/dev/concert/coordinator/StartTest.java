package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.StopInstance;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnStage
class StartTest {
  @Test
  void startsThatComeTogetherShareOneProcess(Stage stage) {
    List<Future<InstanceStarted>> starts =
        IntStream.range(0, 5)
            .mapToObj(
                n ->
                    stage
                        .bus()
                        .request(
                            Addresses.START_INSTANCE,
                            Stage.request("one", "scripted"),
                            Duration.ofSeconds(10)))
            .toList();
    List<String> epochs =
        starts.stream().map(start -> Stage.await(start).epoch()).distinct().toList();
    assertThat(epochs).hasSize(1);
    InstanceStarted later = stage.start("one");
    assertThat(later.epoch()).isEqualTo(epochs.getFirst());
    assertThat(later.fresh()).isFalse();
  }

  @Test
  void aStartThatComesDuringAStopIsDoneAfterIt(Stage stage) {
    InstanceStarted first = stage.start("one");
    var stopping =
        stage
            .bus()
            .request(
                Addresses.STOP_INSTANCE, new StopInstance("one", "bye"), Duration.ofSeconds(10));
    InstanceStarted second = stage.start("one");
    Stage.await(stopping);
    assertThat(second.fresh()).isTrue();
    assertThat(second.epoch()).isNotEqualTo(first.epoch());
    assertThat(stage.chronicle().isMounted("one")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../up", "a b", "a/b", "ä"})
  void anIdThatCouldBeAPathIsRefused(String id, Stage stage) {
    assertThat(stage.refusal(Addresses.START_INSTANCE, Stage.request(id, "scripted")).code())
        .isEqualTo(ErrorCode.INVALID_MESSAGE);
  }

  @Test
  void anUnknownAgentTypeIsRefusedNamingTheKnownOnes(Stage stage) {
    ConcertException refusal =
        stage.refusal(Addresses.START_INSTANCE, Stage.request("one", "nobody"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.AGENT_TYPE_UNKNOWN);
    assertThat(refusal.getMessage()).contains("nobody", "scripted", "stubborn");
  }

  @Test
  void aChronicleThatDoesNotAnswerIsACodedFailureAndNothingIsLeftOver(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.chronicle().answers(false);
    ConcertException refusal =
        stage.refusal(Addresses.START_INSTANCE, Stage.request("one", "scripted"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(events.events()).last().isEqualTo(new NativeEvent.SandboxRemoved("start_failed"));
    assertThat(stage.ensemble().token("one")).isEmpty();
    assertThat(stage.processes()).isEmpty();
    stage.chronicle().answers(true);
    assertThat(stage.start("one").fresh()).isTrue();
  }

  @Test
  void aFolderTooDeepForASocketGetsAPrivateOneElsewhere(Stage stage) {
    Path deep = stage.root().resolve("d".repeat(60)).resolve("e".repeat(60));
    try (Stage elsewhere = Stage.open(deep, SandboxMode.AUTO)) {
      EventRecorder events = elsewhere.record("one");
      elsewhere.start("one");
      elsewhere.tell("one", "m1", "shell echo $CONCERT_IPC_SOCKET; ls -la $CONCERT_IPC_SOCKET");
      events.await(NativeEvent.Complete.class);
      Path socket = Path.of(events.text().lines().findFirst().orElseThrow());
      assertThat(socket.toString()).startsWith("/tmp/concert-");
      assertThat(events.text()).contains("srw-------");
      elsewhere.stop("one");
      assertThat(socket.getParent()).doesNotExist();
    }
  }

  @Test
  void twoCoordinatorsDoNotShareAnInstancesFolder(Stage stage) {
    try (Stage second = Stage.empty(stage.root(), Stage.options(stage.root(), SandboxMode.AUTO))) {
      org.assertj.core.api.Assertions.assertThatThrownBy(second::deploy)
          .hasStackTraceContaining("is used by another coordinator");
    }
  }
}

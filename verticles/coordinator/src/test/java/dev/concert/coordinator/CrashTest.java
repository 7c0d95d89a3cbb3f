package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.Children;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Steer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnStage
class CrashTest {
  @Test
  void aCrashInATurnIsToldWithinTwoSecondsWithTheEndOfTheLog(Stage stage) {
    EventRecorder events = stage.record("one");
    InstanceStarted started = stage.start("one");
    long before = System.nanoTime();
    stage.tell("one", "m1", "die 3");
    NativeEvent.Failed failed = events.await(NativeEvent.Failed.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    assertThat(failed.messageId()).isEqualTo("m1");
    assertThat(failed.code()).isEqualTo("AGENT_CRASHED");
    assertThat(failed.retryable()).isTrue();
    assertThat(failed.message()).contains("with exit code 3", "the last words", "started one");
    events.await(NativeEvent.SandboxRemoved.class);
    assertThat(events.events().stream().skip(4).map(event -> event.getClass().getSimpleName()))
        .containsExactly("TextDelta", "Failed", "SandboxRemoved");
    events.awaitThat("its end", all -> stage.ensemble().token("one").isEmpty());
    assertThat(stage.chronicle().isMounted("one")).isTrue();

    InstanceStarted again = stage.start("one");
    stage.tell("one", "m2", "echo back");
    events.await(NativeEvent.Complete.class);
    assertThat(again.fresh()).isTrue();
    assertThat(again.epoch()).isNotEqualTo(started.epoch());
  }

  @Test
  void aSignalIsNamed(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "die signal");
    assertThat(events.await(NativeEvent.Failed.class).message()).contains("signal 11 (SIGSEGV)");
  }

  @Test
  void aCrashBetweenTwoMessagesBelongsToNone(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "die_later");
    NativeEvent.Failed failed = events.await(NativeEvent.Failed.class);
    assertThat(failed.messageId()).isNull();
    assertThat(failed.message()).contains("exit code 4", "gone between two messages");
    assertThat(events.events(NativeEvent.Complete.class)).hasSize(1);
    events.await(NativeEvent.SandboxRemoved.class);
    assertThat(stage.refusal(Addresses.DELIVER_MESSAGE, Stage.message("one", "m2", "echo")).code())
        .isEqualTo(ErrorCode.SESSION_INACTIVE);
  }

  @Test
  void theFileChangesOfACrashedTurnComeBeforeItsFailure(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "obey");
    events.await(NativeEvent.TextDelta.class);
    stage.chronicle().change("one", "half.txt", false);
    stage.ask(Addresses.STEER, new Steer("one", "on"));
    Children.killAgentOf(stage.root().resolve("instances/one"));
    events.await(NativeEvent.SandboxRemoved.class);
    List<String> kinds =
        events.events().stream().map(event -> event.getClass().getSimpleName()).toList();
    assertThat(kinds).containsSubsequence("FileChanged", "Failed", "SandboxRemoved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exits-at-once", "never-connects", "never-ready"})
  void anAgentThatDoesNotBecomeReadyIsACodedFailureAndNothingIsLeftOver(String type, Stage stage) {
    EventRecorder events = stage.record("one");
    ConcertException refusal = stage.refusal(Addresses.START_INSTANCE, Stage.request("one", type));
    assertThat(refusal.code()).isEqualTo(ErrorCode.AGENT_CRASHED);
    assertThat(refusal.getMessage())
        .contains(
            switch (type) {
              case "exits-at-once" -> "a bug at the top";
              case "never-connects" -> "did not connect in time";
              default -> "did not become ready in time";
            });
    assertThat(events.await(NativeEvent.SandboxRemoved.class).reason()).isEqualTo("start_failed");
    assertThat(events.events(NativeEvent.Failed.class)).isEmpty();
    assertThat(stage.ensemble().token("one")).isEmpty();
    assertThat(stage.chronicle().isMounted("one")).isFalse();
    assertThat(stage.processes()).isEmpty();
    assertThat(stage.folder("one").resolve("process.json")).doesNotExist();
    assertThat(stage.start("one").fresh()).isTrue();
  }
}

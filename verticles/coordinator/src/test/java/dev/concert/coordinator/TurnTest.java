package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.Stage;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnTest {
  @TempDir Path root;
  private Stage stage;

  @BeforeEach
  void open() {
    stage = Stage.open(root, SandboxMode.AUTO);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aTurnGoesFromStartToStopInOrderAndWithoutHoles() {
    EventRecorder events = stage.record("one");
    InstanceStarted started = stage.start("one");
    stage.tell("one", "m1", "echo hello there");
    events.await(NativeEvent.Complete.class);
    stage.stop("one");
    assertThat(started.fresh()).isTrue();
    assertThat(events.events())
        .containsExactly(
            new NativeEvent.SandboxInit(started.sandbox()),
            new NativeEvent.SandboxProvisioning("creating", "Mounting the workspace"),
            new NativeEvent.SandboxProvisioning("configuring", "Starting the agent"),
            new NativeEvent.SandboxReady(),
            new NativeEvent.TextDelta("hello"),
            new NativeEvent.TextDelta("there"),
            new NativeEvent.Complete("m1", "end", "hello there"),
            new NativeEvent.SandboxRemoved("test_over"));
    long next = 1;
    for (AgentEvents batch : events.batches()) {
      assertThat(batch.epoch()).isEqualTo(started.epoch());
      assertThat(batch.firstNumber()).isEqualTo(next);
      next = batch.lastNumber() + 1;
    }
    assertThat(stage.chronicle().isMounted("one")).isFalse();
    assertThat(stage.ensemble().token("one")).isEmpty();
    assertThat(Stage.processesWith(root.toString())).isEmpty();
  }
}

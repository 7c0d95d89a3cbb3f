package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.Stage;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.Interrupt;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainProcessTest {
  @TempDir Path root;
  private Stage stage;

  @BeforeEach
  void open() {
    stage = Stage.open(root, SandboxMode.PROCESS);
  }

  @AfterEach
  void close() {
    stage.close();
    assertThat(Stage.processesWith(root.toString())).isEmpty();
  }

  @Test
  void aTurnWorksWithoutASandboxAndWritesToTheWorkspace() {
    EventRecorder events = stage.record("one");
    assertThat(stage.start("one").sandbox()).isEqualTo("process");
    stage.tell("one", "m1", "write a.txt");
    events.await(NativeEvent.Complete.class);
    assertThat(stage.chronicle().folder("one").resolve("a.txt")).hasContent("by the agent\n");
  }

  @Test
  void whatAnAgentStartedDiesWithItAlsoInASessionOfItsOwn() {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "children");
    events.await(NativeEvent.TextDelta.class);
    stage.ask(Addresses.INTERRUPT, new Interrupt("one", "m1"));
    events.await(NativeEvent.SandboxRemoved.class);
    assertThat(Stage.processesWith(stage.folder("one").toString())).isEmpty();
    assertThat(stage.folder("one").resolve("scratch")).doesNotExist();
  }

  @Test
  void aCrashIsToldAsInASandbox() {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "die signal");
    assertThat(events.await(NativeEvent.Failed.class).message()).contains("signal 11 (SIGSEGV)");
  }

  @Test
  void nothingOfTheCoordinatorsEnvironmentIsHandedOn() {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "environ");
    events.await(NativeEvent.Complete.class);
    assertThat(events.text()).doesNotContain("JAVA_HOME", "MAVEN", "USER");
  }
}

package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.Interrupt;
import org.junit.jupiter.api.Test;

@OnStage(SandboxMode.PROCESS)
class PlainProcessTest {
  @Test
  void aTurnWorksWithoutASandboxAndWritesToTheWorkspace(Stage stage) {
    EventRecorder events = stage.record("one");
    assertThat(stage.start("one").sandbox()).isEqualTo("process");
    stage.tell("one", "m1", "write a.txt");
    events.await(NativeEvent.Complete.class);
    assertThat(stage.chronicle().folder("one").resolve("a.txt")).hasContent("by the agent\n");
  }

  @Test
  void whatAnAgentStartedDiesWithItAlsoInASessionOfItsOwn(Stage stage) {
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
  void aCrashIsToldAsInASandbox(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "die signal");
    assertThat(events.await(NativeEvent.Failed.class).message()).contains("signal 11 (SIGSEGV)");
  }

  @Test
  void nothingOfTheCoordinatorsEnvironmentIsHandedOn(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "environ");
    events.await(NativeEvent.Complete.class);
    assertThat(events.text()).doesNotContain("JAVA_HOME", "MAVEN", "USER");
  }
}

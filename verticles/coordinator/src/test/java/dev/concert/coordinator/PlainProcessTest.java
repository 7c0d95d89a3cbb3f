package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.log.ExpectedLog;
import org.junit.jupiter.api.Test;

@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone")
@ExpectedLog(
    logger = "dev.concert.coordinator.CoordinatorVerticle",
    message = "Agents are not shut in as they should be: agents run without a sandbox")
@WithCoordinator(SandboxMode.PROCESS)
class PlainProcessTest {
  @Test
  void aTurnWorksWithoutASandboxAndWritesToTheWorkspace(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    assertThat(coordinator.start("one").sandbox()).isEqualTo("process");
    coordinator.tell("one", "m1", "write a.txt");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(coordinator.chronicle().folder("one").resolve("a.txt")).hasContent("by the agent\n");
  }

  @Test
  void whatAnAgentStartedDiesWithItAlsoInASessionOfItsOwn(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "children");
    events.await(ServerEvent.TextDelta.class);
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
    events.await(ServerEvent.SandboxRemoved.class);
    assertThat(CoordinatorHarness.processesWith(coordinator.folder("one").toString())).isEmpty();
    assertThat(coordinator.folder("one").resolve("scratch")).doesNotExist();
  }

  @Test
  void aCrashIsToldAsInASandbox(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "die signal");
    assertThat(events.await(ServerEvent.TurnError.class).message()).contains("signal 11 (SIGSEGV)");
  }

  @Test
  void nothingOfTheCoordinatorsEnvironmentIsHandedOn(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "environ");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.text()).doesNotContain("JAVA_HOME", "MAVEN", "USER");
  }
}

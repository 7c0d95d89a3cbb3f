package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.config.CoordinatorLimits;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone")
@RequiresRoot("it makes control groups")
@WithCoordinator
class ResourcesTest {
  private static final String NEEDLESSLY_LARGE =
      "python3 -c 'held = [bytearray(b\"x\" * (1 << 20)) for _ in range(4000)]'";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"eat 4000", "shell " + NEEDLESSLY_LARGE + "; sleep 60"})
  void anAgentThatUsesTooMuchMemoryIsEndedWithASentenceAndTheOthersGoOn(
      String hungry, CoordinatorHarness coordinator) {
    EventRecorder hog = coordinator.record("hog");
    EventRecorder neighbour = coordinator.record("good");
    coordinator.start("hog");
    coordinator.start("good");
    coordinator.tell("good", "g1", "obey");
    neighbour.await(ServerEvent.TextDelta.class);
    coordinator.tell("hog", "m1", hungry);
    assertThat(hog.await(ServerEvent.TurnError.class).message())
        .startsWith(
            "The agent was ended because it used more than its 256 MiB of memory; if it needs more,"
                + " raise `resources.memory` in its agent.json");
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("good", "", "g1"));
    assertThat(neighbour.await(ServerEvent.TurnComplete.class).stopReason()).isEqualTo("stopped");
    assertThat(neighbour.events(ServerEvent.TurnError.class)).isEmpty();
    assertThat(coordinator.start("hog").fresh()).isTrue();
  }

  @Test
  void twoAgentsThatUseTooMuchAtOnceEndEachForItself(CoordinatorHarness coordinator) {
    List<String> both = List.of("one", "two");
    List<EventRecorder> events = both.stream().map(coordinator::record).toList();
    both.forEach(coordinator::start);
    both.forEach(id -> coordinator.tell(id, "m1", "eat 4000"));
    assertThat(events)
        .allSatisfy(
            each ->
                assertThat(each.await(ServerEvent.TurnError.class).message())
                    .contains("more than its 256 MiB of memory"));
  }

  @Test
  void anAgentGetsNoMoreOfTheProcessorsThanItsShare() {
    CoordinatorOptions options = CoordinatorHarness.options(folder, SandboxMode.AUTO);
    try (CoordinatorHarness coordinator =
        CoordinatorHarness.open(folder, withCpus(options, 0.25))) {
      EventRecorder events = coordinator.record("one");
      coordinator.start("one");
      coordinator.tell("one", "m1", "burn 2");
      events.await(ServerEvent.TurnComplete.class);
      assertThat(Double.parseDouble(events.text())).isLessThan(0.35);
    }
  }

  private static CoordinatorOptions withCpus(CoordinatorOptions options, double cpus) {
    ResourceLimits limits = options.limits().agent();
    return new CoordinatorOptions(
        options.instances(),
        options.agents(),
        options.mode(),
        options.sandbox(),
        options.users(),
        options.maxTokens(),
        options.profiles(),
        options.egress(),
        new CoordinatorLimits(
            options.limits().starts(),
            new ResourceLimits(
                limits.memory(),
                cpus,
                limits.processes(),
                limits.openFiles(),
                limits.scratch(),
                limits.workspace(),
                limits.workspaceFiles()),
            options.limits().unacknowledgedEvents(),
            options.limits().unacknowledgedBytes()),
        options.timeouts());
  }

  @Test
  void aProcessOpensNoMoreFilesThanItMayAndLeavesNoCoreFile(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "open_files");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.text()).matches("2[345]\\d Too many open files");
    coordinator.tell("one", "m2", "shell ulimit -c; ulimit -Hn");
    events.awaitEnd("m2");
    assertThat(events.text()).endsWith("0\n256\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp", "/home/agent"})
  void aFullScratchFolderSaysSoAndHasRoomAgainAtOnce(String where, CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "fill " + where);
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.text()).isEqualTo("No space left on device after 16 MiB; room again");
  }

  @Test
  void sharedMemoryHasAnEighthOfTheScratchFolders(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "fill /dev/shm");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.text()).isEqualTo("No space left on device after 2 MiB; room again");
  }

  @Test
  void anAgentTypeHasLimitsOfItsOwn() throws IOException {
    Path agents = Files.createDirectories(folder.resolve("agents"));
    copy(CoordinatorHarness.AGENTS.resolve("sdk/python"), agents.resolve("sdk/python"));
    copy(CoordinatorHarness.AGENTS.resolve("scripted"), agents.resolve("scripted"));
    Files.writeString(
        agents.resolve("scripted/agent.json"),
        """
        {"type": "scripted", "version": "1", "runtime": "python", "entry": "main.py",
         "resources": {"scratch": "3 MiB", "openFiles": 64}}
        """);
    CoordinatorOptions options = CoordinatorHarness.options(folder, SandboxMode.AUTO);
    CoordinatorOptions own =
        new CoordinatorOptions(
            options.instances(),
            agents,
            options.mode(),
            options.sandbox(),
            options.users(),
            options.maxTokens(),
            options.profiles(),
            options.egress(),
            options.limits(),
            options.timeouts());
    try (CoordinatorHarness coordinator = CoordinatorHarness.open(folder, own)) {
      EventRecorder events = coordinator.record("one");
      coordinator.start("one");
      coordinator.tell("one", "m1", "fill /tmp");
      events.await(ServerEvent.TurnComplete.class);
      assertThat(events.text()).startsWith("No space left on device after 3 MiB");
      coordinator.tell("one", "m2", "shell ulimit -n");
      events.awaitEnd("m2");
      assertThat(events.text()).endsWith("64\n");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}

package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.protocol.ServerEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference agent of {@code agents/}, on its own SDK. */
class EchoAgentTest {
  @TempDir Path root;

  @Test
  void theReferenceAgentAnswersAndStopsWhenItIsTold() {
    Path agents = Path.of(System.getProperty("concert.home", "../..")).resolve("agents");
    assumeTrue(Files.exists(agents.resolve("echo/agent.json")), "agents/echo is not there");
    try (CoordinatorHarness coordinator =
        CoordinatorHarness.open(root, new CoordinatorOptions(root.resolve("instances"), agents))) {
      EventRecorder events = coordinator.record("one");
      coordinator.start("one", "echo");
      coordinator.tell("one", "m1", "hello reference");
      ServerEvent.TurnComplete complete = events.await(ServerEvent.TurnComplete.class);
      assertThat(complete.stopReason()).isEqualTo("end");
      assertThat(complete.finalText()).contains("hello reference");
      coordinator.stop("one");
      assertThat(events.await(ServerEvent.SandboxRemoved.class).reason()).isEqualTo("test_over");
    }
  }
}

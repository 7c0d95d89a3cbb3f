package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.Stage;
import dev.concert.nativeagent.NativeEvent;
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
    try (Stage stage =
        Stage.open(root, new CoordinatorOptions(root.resolve("instances"), agents))) {
      EventRecorder events = stage.record("one");
      stage.start("one", "echo");
      stage.tell("one", "m1", "hello reference");
      NativeEvent.Complete complete = events.await(NativeEvent.Complete.class);
      assertThat(complete.stopReason()).isEqualTo("end");
      assertThat(complete.finalText()).contains("hello reference");
      stage.stop("one");
      assertThat(events.await(NativeEvent.SandboxRemoved.class).reason()).isEqualTo("test_over");
    }
  }
}

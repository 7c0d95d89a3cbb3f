package dev.concert.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.platform.harness.TwoNodes;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ensemble runs in a process of its own, which is killed or hangs. */
@Timeout(300)
class EnsembleOutageTest {
  @TempDir Path root;

  @Test
  void aSessionGoesOnAfterEnsembleWasKilledAndStartedAgain() {
    try (TwoNodes nodes = TwoNodes.withEnsembleApart(root);
        ProtocolClient client = ProtocolClient.connect(nodes.url())) {
      TestClient seat = TestClient.create(client, "coding-agent");
      assertThat(seat.run("say hello").path("type").asText()).isEqualTo("turn_complete");

      nodes.host().kill();
      String waiting = seat.start("say hello");
      // What needs no model is served.
      assertThat(seat.ask("list_files", Map.of("path", "")).path("type").asText())
          .isEqualTo("file_list");

      nodes.startHost();
      // The agent waits for the model, and the turn goes on.
      JsonNode end = seat.awaitEnd(waiting);
      assertThat(end.path("type").asText()).as(end.toString()).isEqualTo("turn_complete");
    }
  }
}

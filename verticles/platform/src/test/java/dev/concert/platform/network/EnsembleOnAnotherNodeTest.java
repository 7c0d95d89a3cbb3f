package dev.concert.platform.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.platform.harness.TwoNodes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose coordinator and whose Ensemble are two processes. */
@Timeout(300)
class EnsembleOnAnotherNodeTest {

  @Test
  void aTurnIsAnsweredByTheEnsembleOfAnotherNode(@TempDir Path folder) {
    try (TwoNodes nodes = TwoNodes.withEnsembleAtTheGateway(folder);
        ProtocolClient client = ProtocolClient.connect(nodes.url())) {
      JsonNode end = TestClient.create(client, "coding-agent").run("say hello");

      assertThat(end.path("type").asText()).isEqualTo("turn_complete");
      assertThat(end.path("finalText").asText()).contains("demo model");
    }
  }
}

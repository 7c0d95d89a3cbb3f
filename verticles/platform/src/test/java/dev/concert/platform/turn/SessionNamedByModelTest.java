package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway asks a model of its own Ensemble for the name of a session. */
class SessionNamedByModelTest {
  @TempDir Path data;
  @TempDir Path settings;

  @Test
  void theNameIsTheModelsAndTheCallIsInTheTenantsLedger() throws Exception {
    Path config = settings.resolve("concert.yaml");
    Files.writeString(config, "gateway:\n  naming: {mode: model, model: demo}\n");
    try (ServerProcess server =
            ServerProcess.start("up", data, Map.of(), "--config", config.toString());
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);
      user.run("list the files please");

      assertThat(client.await("session_updated").path("session").path("name").asText())
          .isEqualTo("Demo: list the files please");
    }
    try (Connection ledger =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
        ResultSet row =
            ledger.createStatement().executeQuery("SELECT customer_id, model FROM calls")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString("customer_id")).isEqualTo("dev");
      assertThat(row.getString("model")).isEqualTo("demo");
    }
  }
}

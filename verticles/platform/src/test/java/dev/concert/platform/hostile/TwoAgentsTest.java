package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two agents look for each other and for the gateway, both at once: {@code
 * -Dconcert.intrusion.seconds} says for how long.
 */
class TwoAgentsTest {
  private static final int SECONDS = Integer.getInteger("concert.intrusion.seconds", 3);

  @TempDir Path folder;

  private record Intruder(TestClient client, String mark) {
    static Intruder at(ProtocolClient connection) {
      String mark = UUID.randomUUID().toString().replace("-", "");
      return new Intruder(TestClient.create(connection, "intruder"), mark);
    }

    String lookFor(Intruder other, int port) {
      return client.start(
          new JsonObject()
              .put("session", client.sessionId())
              .put("mark", mark)
              .put("otherSession", other.client.sessionId())
              .put("otherMark", other.mark)
              .put("port", port)
              .put("seconds", SECONDS)
              .encode());
    }
  }

  /** The agents of the tests, beside the SDK. */
  private Path agents() throws IOException {
    Path agents = Files.createDirectories(folder.resolve("agents"));
    Files.createSymbolicLink(agents.resolve("sdk"), Program.home().resolve("agents/sdk"));
    Files.createSymbolicLink(
        agents.resolve("intruder"), Path.of("src/test/resources/agents/intruder").toAbsolutePath());
    return agents;
  }

  @Test
  void neitherSeesAnythingOfTheOtherNorTheGateway() throws Exception {
    JsonObject config =
        new JsonObject().put("coordinator", new JsonObject().put("agents", agents().toString()));
    PlatformOptions options =
        new PlatformOptions("127.0.0.1", 0, folder.resolve("data"), Program.home(), config);
    try (Platform platform = Platform.start(options);
        ProtocolClient connection = ProtocolClient.connect(platform.url())) {
      int port = URI.create(platform.url()).getPort();
      List<Intruder> both = List.of(Intruder.at(connection), Intruder.at(connection));
      String first = both.getFirst().lookFor(both.getLast(), port);
      String second = both.getLast().lookFor(both.getFirst(), port);
      assumeTrue(
          both.getFirst().client().events().toString().contains("bubblewrap"),
          "bubblewrap does not work here");

      assertSawOnlyItself(both.getFirst(), first);
      assertSawOnlyItself(both.getLast(), second);
      assertThat(connection.ask("list_sessions", Map.of()).path("sessions")).hasSize(2);
    }
  }

  private static void assertSawOnlyItself(Intruder intruder, String turn) throws IOException {
    String said = intruder.client().awaitEnd(turn).path("finalText").asText();
    JsonNode found = Json.MAPPER.readTree(said);

    assertThat(found.path("seen")).as(said).isEmpty();
    assertThat(found.path("own").toString())
        .contains("/tmp/mark.txt", "/dev/shm/mark.txt", "/home/agent/mark.txt")
        .contains("/environ", "/cmdline", "abstract", "port ", "shared memory");
    JsonNode file = intruder.client().ask("read_file", Map.of("path", "mark.txt"));
    assertThat(file.path("content").asText()).isEqualTo(intruder.mark());
  }
}

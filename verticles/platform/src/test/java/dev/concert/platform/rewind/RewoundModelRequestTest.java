package dev.concert.platform.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model is asked after its session went back or was forked, as its vendor records it. */
class RewoundModelRequestTest {
  @TempDir Path data;

  @Test
  void theNextRequestHasNothingOfWhatWasTakenOut() {
    try (FakeVendor vendor = new FakeVendor(new ChatWire("openai-compatible"));
        Platform platform = start(vendor);
        ProtocolClient connection = ProtocolClient.connect(platform.url())) {
      TestClient client = coding(connection);
      String kept = say(client, vendor, "kept-question", "kept-answer");
      assertThat(kept).contains("kept-question");
      say(client, vendor, "regretted-question", "regretted-answer");
      JsonNode second = client.ask("get_history").path("messages").path(2);

      TestClient fork = TestClient.join(connection, fork(client).at("/session/id").asText(), 0);
      JsonNode rewound =
          client.ask("rewind_session", Map.of("messageId", second.path("messageId").asText()));
      assertThat(rewound.path("type").asText()).isEqualTo("session.rewound");

      assertThat(say(client, vendor, "new-question", "new-answer"))
          .contains("kept-question", "kept-answer", "new-question")
          .doesNotContain("regretted");
      assertThat(say(client, vendor, "last-question", "last-answer"))
          .contains("kept-answer", "new-answer")
          .doesNotContain("regretted");
      assertThat(say(fork, vendor, "fork-question", "fork-answer"))
          .contains("kept-answer", "regretted-answer", "fork-question")
          .doesNotContain("new-question");
    }
  }

  private static JsonNode fork(TestClient client) {
    return client.ask("fork_session", Map.of());
  }

  /** Runs a turn that is answered so; what the vendor was asked. */
  private static String say(TestClient client, FakeVendor vendor, String text, String answer) {
    vendor.answer(FakeAnswer.text(answer));
    assertThat(client.run(text).path("finalText").asText()).isEqualTo(answer);
    return vendor.asked().body();
  }

  private static TestClient coding(ProtocolClient connection) {
    JsonNode created =
        connection.ask("create_session", Map.of("agentType", "coding-agent", "model", "played"));
    return TestClient.join(connection, created.at("/session/id").asText(), 0);
  }

  private Platform start(FakeVendor vendor) {
    JsonObject provider =
        new JsonObject()
            .put("name", "played")
            .put("type", "openai-compatible")
            .put("baseUrl", vendor.url())
            .put("models", JsonArray.of(new JsonObject().put("id", "played")));
    JsonObject config =
        new JsonObject().put("ensemble", new JsonObject().put("providers", JsonArray.of(provider)));
    return Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), config));
  }
}

package dev.concert.platform.recovery;

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
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the coding agent still knows after the server was started again, as its vendor records it.
 */
class AgentMemoryTest {
  private static final FakeAnswer LIST =
      FakeAnswer.text("I look.").withCall("toolu_1", "list_files", "{}");

  private final List<String> bodies = new CopyOnWriteArrayList<>();

  @TempDir Path data;

  @Test
  void theFirstRequestAfterARestartBeginsWithTheBytesOfTheLastOneBefore() {
    try (FakeVendor vendor = new FakeVendor(new ChatWire("openai-compatible"))) {
      String sessionId;
      try (Platform platform = start(vendor);
          ProtocolClient connection = ProtocolClient.connect(platform.url())) {
        TestClient client = coding(connection);
        sessionId = client.sessionId();
        script(vendor, LIST, FakeAnswer.text("Nothing is here."));
        assertThat(client.run("look around").path("finalText").asText())
            .isEqualTo("Nothing is here.");
      }
      try (Platform platform = start(vendor);
          ProtocolClient connection = ProtocolClient.connect(platform.url())) {
        script(vendor, FakeAnswer.text("As I said."));
        JsonNode end = TestClient.join(connection, sessionId, 0).run("really?");
        assertThat(end.path("finalText").asText()).isEqualTo("As I said.");
      }
    }
    assertThat(bodies).hasSize(3);
    assertBeginsWith(bodies.get(1), bodies.get(0));
    assertBeginsWith(bodies.get(2), bodies.get(1));
    assertThat(bodies.get(2)).contains("tool_calls", "the folder is empty");
  }

  @Test
  void aVendorThatIsOverloadedIsAskedAgainAndTheTurnGoesOn() {
    try (FakeVendor vendor = new FakeVendor(new ChatWire("openai-compatible"));
        Platform platform = start(vendor);
        ProtocolClient connection = ProtocolClient.connect(platform.url())) {
      AtomicInteger asked = new AtomicInteger();
      vendor.script(
          (_, to) -> {
            switch (asked.incrementAndGet()) {
              case 1 -> to.setStatusCode(529).end(vendor.wire().error(529, "Overloaded"));
              case 2 ->
                  to.setStatusCode(429)
                      .putHeader("retry-after", "1")
                      .end(vendor.wire().error(429, "Slow down"));
              default -> stream(vendor, to, FakeAnswer.text("Here."));
            }
          });
      JsonNode end = coding(connection).run("are you there?");
      assertThat(end.path("finalText").asText()).as(end.toString()).isEqualTo("Here.");
      assertThat(asked).hasValue(3);
    }
  }

  private static void assertBeginsWith(String later, String earlier) {
    List<String> before = messages(earlier);
    assertThat(messages(later).subList(0, before.size())).isEqualTo(before);
  }

  private static List<String> messages(String body) {
    JsonObject request = new JsonObject(body);
    List<String> messages = new ArrayList<>();
    messages.add(String.valueOf(request.getValue("tools")));
    request.getJsonArray("messages").forEach(message -> messages.add(message.toString()));
    return messages;
  }

  /** Answers the next requests so, one after the other. */
  private void script(FakeVendor vendor, FakeAnswer... answers) {
    AtomicInteger next = new AtomicInteger();
    vendor.script(
        (asked, to) -> {
          bodies.add(asked.body());
          stream(vendor, to, answers[next.getAndIncrement()]);
        });
  }

  private static void stream(FakeVendor vendor, HttpServerResponse to, FakeAnswer answer) {
    FakeVendor.begin(to);
    vendor.wire().events(answer).forEach(to::write);
    to.end();
  }

  private static TestClient coding(ProtocolClient connection) {
    JsonNode created =
        connection.ask(
            "create_session",
            Map.of("agentType", "coding-agent", "model", "played", "name", "A session"));
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

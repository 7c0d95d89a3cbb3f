package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.GeminiWire;
import dev.concert.testing.vendor.VendorWire;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** opencode from npm, without its screen: a turn with a tool call, its result, and an answer. */
class OpenCodeTest {
  private static ClientProgram opencode;
  private static FakeVendors played;

  @TempDir private Path folder;

  @BeforeAll
  static void install() throws Exception {
    opencode = ClientProgram.npm("opencode");
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  static Stream<VendorWire> wires() {
    return Stream.of(new ChatWire("openai-compatible"), new GeminiWire());
  }

  @ParameterizedTest
  @MethodSource("wires")
  void itCallsAToolAndReadsTheLastAnswer(VendorWire wire) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path work = Files.createDirectories(folder.resolve("work"));
    Path file = Files.writeString(work.resolve("a.txt"), "the violin is brown\n");
    Files.writeString(work.resolve("opencode.json"), config(wire.type()));
    FakeAnswer read =
        FakeAnswer.text("I read it.")
            .withThinking("Hm. ", "c2lnbmF0dXJl")
            .withCall("call_1", "read", new JsonObject().put("filePath", file.toString()).encode());
    FakeVendor vendor = played.vendor(wire);
    vendor.script(
        (asked, to) -> {
          boolean done = asked.body().contains("the violin is brown");
          FakeVendor.begin(to);
          wire.events(done ? FakeAnswer.text("It is brown.") : read).forEach(to::write);
          to.end();
        });

    String said =
        opencode.run(
            work,
            Map.of("HOME", home.toString(), "OPENCODE_DISABLE_MODELS_FETCH", "1"),
            List.of(
                opencode.file("opencode-linux-x64-baseline/bin/opencode").toString(),
                "run",
                "--model",
                "ensemble/" + wire.type(),
                "--format",
                "json",
                "Which colour has the violin in a.txt?"));

    assertThat(said).contains("\"text\":\"It is brown.\"").doesNotContain("\"type\":\"error\"");
  }

  private static String config(String model) {
    JsonObject provider =
        new JsonObject()
            .put("npm", "@ai-sdk/openai-compatible")
            .put("name", "Ensemble")
            .put(
                "options",
                new JsonObject()
                    .put("baseURL", played.ensemble().baseUrl() + "/v1")
                    .put("apiKey", RunningEnsemble.KEY))
            .put("models", new JsonObject().put(model, new JsonObject().put("name", model)));
    return new JsonObject()
        .put("autoupdate", false)
        .put("share", "disabled")
        .put("model", "ensemble/" + model)
        .put("small_model", "ensemble/" + model)
        .put("provider", new JsonObject().put("ensemble", provider))
        .encode();
  }
}

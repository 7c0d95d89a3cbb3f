package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.GeminiWire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's Gemini CLI, unmodified: one question, for which it reads a file. */
class GeminiCliTest {
  private static ClientProgram gemini;
  private static FakeVendors played;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    gemini = ClientProgram.npm("gemini-cli");
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private String ask(String model) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path settings = Files.createDirectories(home.resolve(".gemini")).resolve("settings.json");
    Files.writeString(settings, "{\"security\":{\"auth\":{\"selectedType\":\"gemini-api-key\"}}}");
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(work.resolve("a.txt"), "the violin is brown\n");
    String said =
        gemini.run(
            work,
            Map.of(
                "HOME",
                home.toString(),
                "GEMINI_CLI_TRUST_WORKSPACE",
                "true",
                "GOOGLE_GEMINI_BASE_URL",
                played.ensemble().baseUrl(),
                "GEMINI_API_KEY",
                RunningEnsemble.KEY),
            List.of(
                "node",
                gemini.file("@google/gemini-cli/bundle/gemini.js").toString(),
                "-p",
                "Which colour has the violin in a.txt?",
                "--model",
                model,
                "--yolo",
                "--output-format",
                "json"));
    JsonNode answer = EnsembleClient.json(said.substring(said.indexOf("\n{") + 1));
    return answer.path("response").asText();
  }

  private FakeAnswer read() {
    String path = folder.resolve("work").resolve("a.txt").toString();
    return FakeAnswer.text("I read ", "it.")
        .withCall("call_1", "read_file", "{\"file_path\":\"" + path + "\"}");
  }

  /** Answers with a call until it knows the file. */
  private void play(FakeVendor vendor, FakeAnswer call) {
    vendor.script(
        (asked, to) -> {
          FakeAnswer next =
              asked.body().contains("the violin is brown")
                  ? FakeAnswer.text("It is ", "brown.")
                  : call;
          FakeVendor.begin(to);
          vendor.wire().events(next).forEach(to::write);
          to.end();
        });
  }

  @Test
  void itRunsAtGoogle() throws Exception {
    FakeVendor vendor = played.vendor(new GeminiWire());
    play(vendor, read().withThinking("Hm. ", "c2lnbmF0dXJl"));

    assertThat(ask("gemini")).isEqualTo("It is brown.");

    FakeVendor.Asked first = vendor.asked();
    FakeVendor.Asked second = vendor.asked();
    assertThat(first.headers().get("x-goog-api-key")).isEqualTo(FakeVendor.KEY);
    assertThat(first.body()).contains("\"functionDeclarations\"");
    assertThat(second.body())
        .contains("the violin is brown", "\"thoughtSignature\":\"c2lnbmF0dXJl\"");
  }

  @Test
  void itRunsAtAnotherVendor() throws Exception {
    FakeVendor vendor = played.vendor(new AnthropicWire());
    play(vendor, read().withThinking("Hm. ", "c2lnbmF0dXJl"));

    assertThat(ask("anthropic")).isEqualTo("It is brown.");

    vendor.asked();
    assertThat(vendor.asked().body())
        .contains("the violin is brown", "\"signature\":\"c2lnbmF0dXJl\"");
  }
}

package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claude Code from npm, as it comes: a turn with a tool call, its result, and a second answer. */
class ClaudeCodeTest {
  private static ClientProgram claude;
  private static FakeVendors played;

  @TempDir private Path folder;

  @BeforeAll
  static void install() throws Exception {
    claude = ClientProgram.npm("claude-code");
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private JsonNode ask(String model) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(work.resolve("a.txt"), "the violin is brown\n");
    String said =
        claude.run(
            work,
            Map.of(
                "HOME",
                home.toString(),
                "ANTHROPIC_BASE_URL",
                played.ensemble().baseUrl(),
                "ANTHROPIC_AUTH_TOKEN",
                RunningEnsemble.KEY),
            List.of(
                claude.file("@anthropic-ai/claude-code-linux-x64/claude").toString(),
                "-p",
                "Which colour has the violin in a.txt?",
                "--model",
                model,
                "--allowedTools",
                "Read",
                "--output-format",
                "json"));
    return said.lines()
        .filter(line -> line.startsWith("{"))
        .map(EnsembleClient::json)
        .filter(line -> line.has("result"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(said));
  }

  private FakeAnswer read() {
    String path = folder.resolve("work").resolve("a.txt").toString();
    return FakeAnswer.text("I read ", "it.")
        .withCall("toolu_1", "Read", "{\"file_path\":\"" + path + "\"}");
  }

  @Test
  void itRunsAtAnthropic() throws Exception {
    FakeVendor vendor = played.vendor(new AnthropicWire());
    StrictAnthropic anthropic =
        new StrictAnthropic(
            StrictAnthropic.callThenAnswer(
                read().withThinking("Hm. ", "c2lnbmF0dXJl"), FakeAnswer.text("It is ", "brown.")));
    vendor.script(anthropic);

    JsonNode answer = ask("anthropic");

    assertThat(answer.path("result").asText()).as("%s", answer).isEqualTo("It is brown.");
    assertThat(answer.path("is_error").asBoolean()).isFalse();
    assertThat(answer.path("num_turns").asInt()).isEqualTo(2);
    FakeVendor.Asked first = vendor.asked();
    FakeVendor.Asked second = vendor.asked();
    assertThat(first.headers().get("anthropic-beta")).contains("context-management-");
    assertThat(first.body())
        .contains("\"context_management\":", "\"adaptive\"", "\"metadata\":")
        .contains("{\"role\":\"system\",\"content\":")
        .contains("\"model\":\"vendors-own-name\"")
        .doesNotContain(RunningEnsemble.KEY);
    assertThat(second.body()).contains("the violin is brown", "\"signature\":\"c2lnbmF0dXJl\"");
    // The second prompt begins with the first, which is in the cache up to its last mark.
    assertThat(anthropic.total().read()).isGreaterThan(5_000);
    assertThat(anthropic.total().input()).isLessThan(500);
  }

  @Test
  void itRunsAtAnotherVendor() throws Exception {
    FakeVendor vendor = played.vendor(new ChatWire("openai-compatible"));
    vendor.script(
        (asked, to) -> {
          FakeAnswer next =
              asked.body().contains("the violin is brown")
                  ? FakeAnswer.text("It is brown.")
                  : read();
          FakeVendor.begin(to);
          vendor.wire().events(next).forEach(to::write);
          to.end();
        });

    JsonNode answer = ask("openai-compatible");

    assertThat(answer.path("result").asText()).as("%s", answer).isEqualTo("It is brown.");
    assertThat(vendor.asked().body()).contains("# Environment");
  }
}

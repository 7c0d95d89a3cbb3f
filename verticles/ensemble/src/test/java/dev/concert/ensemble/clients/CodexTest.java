package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.ResponsesWire;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codex from npm, as it comes: a turn with a tool call, its result, and a second answer. */
class CodexTest {
  private static final String PATCH =
      "*** Begin Patch\n*** Add File: made.txt\n+by a custom tool\n*** End Patch";

  private static ClientProgram codex;
  private static FakeVendors played;

  @TempDir private Path folder;

  @BeforeAll
  static void install() throws Exception {
    codex = ClientProgram.npm("codex");
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private String ask(String config) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(work.resolve("a.txt"), "the violin is brown\n");
    Files.writeString(home.resolve("config.toml"), config);
    return codex.run(
        work,
        Map.of(
            "HOME",
            home.toString(),
            "CODEX_HOME",
            home.toString(),
            "ENSEMBLE_KEY",
            RunningEnsemble.KEY,
            "CODEX_API_KEY",
            RunningEnsemble.KEY),
        List.of(
            codex
                .file("@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex")
                .toString(),
            "exec",
            "--skip-git-repo-check",
            "--dangerously-bypass-approvals-and-sandbox",
            "Which colour has the violin in a.txt?"));
  }

  private String askAsProvider(String model) throws Exception {
    return ask(
        """
        model = "%s"
        model_provider = "ensemble"
        [model_providers.ensemble]
        name = "Ensemble"
        base_url = "%s/v1"
        env_key = "ENSEMBLE_KEY"
        wire_api = "responses"
        """
            .formatted(model, played.ensemble().baseUrl()));
  }

  private static FakeAnswer read(String command) {
    return FakeAnswer.text("I ", "look.")
        .withCall("call_1", "exec_command", "{\"cmd\":\"" + command + "\"}");
  }

  @Test
  void itRunsAtOpenAi() throws Exception {
    FakeVendor vendor = played.vendor(new ResponsesWire());
    StrictOpenAi openAi =
        new StrictOpenAi(
            body ->
                body.path("input").toString().contains("the violin is brown")
                    ? FakeAnswer.text("It is ", "brown.")
                    : read("cat a.txt").withThinking("Hm. ", "c2lnbmF0dXJl"));
    vendor.script(openAi);

    String said = askAsProvider("gpt-5.5-openai");

    assertThat(said).contains("It is brown.");
    FakeVendor.Asked first = vendor.asked();
    FakeVendor.Asked second = vendor.asked();
    assertThat(first.body())
        .contains("\"type\":\"custom\"", "\"client_metadata\":", "\"store\":false")
        .contains("\"model\":\"vendors-own-name\"")
        // The operator has not allowed it, and Codex goes on without it.
        .doesNotContain("\"web_search\"")
        .doesNotContain(RunningEnsemble.KEY);
    assertThat(second.body())
        .contains("the violin is brown", "\"encrypted_content\":\"c2lnbmF0dXJl\"");
    assertThat(openAi.total().read()).isGreaterThan(3_000);
  }

  @Test
  void itRunsAtAnthropic() throws Exception {
    FakeVendor vendor = played.vendor(new AnthropicWire());
    StrictAnthropic anthropic =
        new StrictAnthropic(
            body ->
                body.path("messages").toString().contains("the violin is brown")
                    ? FakeAnswer.text("It is brown.")
                    : read("cat a.txt").withThinking("Hm. ", "c2lnbmF0dXJl"));
    vendor.script(anthropic);

    assertThat(askAsProvider("gpt-5.5-anthropic")).contains("It is brown.");

    vendor.asked();
    assertThat(vendor.asked().body()).contains("\"signature\":\"c2lnbmF0dXJl\"");
  }

  /** Its address of OpenAI leads to Ensemble, so it has the server make conversations shorter. */
  private String askWhereTheServerCompacts(String model) throws Exception {
    return ask(
        """
        model = "%s"
        openai_base_url = "%s/v1"
        model_auto_compact_token_limit = 20000
        """
            .formatted(model, played.ensemble().baseUrl()));
  }

  @Test
  void itGoesOnAfterOpenAiHasCompactedItsConversation() throws Exception {
    FakeVendor vendor = played.vendor(new ResponsesWire());
    vendor.script(
        compacting(
            vendor,
            to ->
                FakeVendor.begin(to)
                    .end(
                        """
                        data: {"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}

                        data: {"type":"response.output_item.done","output_index":0,"item":{"type":"compaction","encrypted_content":"theirs-alone"}}

                        data: {"type":"response.completed","response":{"id":"r","status":"completed","output":[],"usage":{"input_tokens":9,"output_tokens":3,"total_tokens":12}}}

                        """)));

    assertThat(askWhereTheServerCompacts("gpt-5.5-openai")).contains("It is brown.");

    vendor.asked();
    assertThat(vendor.asked().body()).contains("{\"type\":\"compaction_trigger\"}");
    assertThat(vendor.asked().body())
        .contains("theirs-alone", "Which colour has the violin")
        .doesNotContain("the violin is brown");
  }

  @Test
  void itGoesOnAfterAnotherVendorsModelHasCompactedItsConversation() throws Exception {
    FakeVendor vendor = played.vendor(new AnthropicWire());
    vendor.script(
        compacting(
            vendor,
            to -> {
              FakeVendor.begin(to);
              vendor.wire().events(FakeAnswer.text("a.txt says brown.")).forEach(to::write);
              to.end();
            }));

    assertThat(askWhereTheServerCompacts("gpt-5.5-anthropic")).contains("It is brown.");

    vendor.asked();
    assertThat(vendor.asked().body()).contains("Write a summary of this conversation");
    assertThat(vendor.asked().body())
        .contains("a.txt says brown.", "Which colour has the violin")
        .doesNotContain("the violin is brown");
  }

  /** A tool call whose count of tokens is over the limit, the compaction, and the answer. */
  private static BiConsumer<FakeVendor.Asked, HttpServerResponse> compacting(
      FakeVendor vendor, Consumer<HttpServerResponse> compaction) {
    AtomicInteger number = new AtomicInteger();
    return (asked, to) -> {
      int now = number.getAndIncrement();
      if (now == 1) {
        compaction.accept(to);
        return;
      }
      FakeAnswer answer =
          now == 0
              ? read("cat a.txt").withUsage(new FakeAnswer.Usage(50_000, 0, 0, 10, 0))
              : FakeAnswer.text("It is brown.");
      FakeVendor.begin(to);
      vendor.wire().events(answer).forEach(to::write);
      to.end();
    };
  }

  @Test
  void itsCustomToolIsAFunctionAtAnotherVendorAndACustomToolAgain() throws Exception {
    FakeVendor vendor = played.vendor(new ChatWire("openai-compatible"));
    String arguments = "{\"input\":\"" + PATCH.replace("\n", "\\n") + "\"}";
    FakeAnswer patch = FakeAnswer.text("I write.").withCall("call_p", "apply_patch", arguments);
    vendor.script(
        (asked, to) -> {
          FakeAnswer next =
              asked.body().contains("\"role\":\"tool\"") ? FakeAnswer.text("Done.") : patch;
          FakeVendor.begin(to);
          vendor.wire().events(next).forEach(to::write);
          to.end();
        });

    assertThat(askAsProvider("gpt-5.5-openai-compatible")).contains("Done.");

    assertThat(folder.resolve("work").resolve("made.txt")).hasContent("by a custom tool");
    assertThat(vendor.asked().body()).contains("\"name\":\"apply_patch\"", "begin_patch");
    assertThat(vendor.asked().body()).contains("*** Begin Patch", "\"tool_call_id\":\"call_p\"");
  }
}

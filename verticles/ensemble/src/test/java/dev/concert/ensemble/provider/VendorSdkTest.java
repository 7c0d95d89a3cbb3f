package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.vendor.PlayedAnswer;
import dev.concert.testing.vendor.PlayedVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.Wires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official SDKs of OpenAI and Anthropic, from npm and run by Node.js, against every provider:
 * only their base URL is another.
 */
class VendorSdkTest {
  private static final PlayedAnswer ANSWER =
      PlayedAnswer.text("Grüße ", "🎻")
          .withThinking("Hm. ", "c2lnbmF0dXJl")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withCall("call_b", "bash", "{\"command\":\"ls\"}")
          .withUsage(new PlayedAnswer.Usage(100, 40, 20, 30, 10));

  /** What each vendor has to find in the next question, or it forgets or refuses. */
  private static final Map<String, List<String>> WANTS_BACK =
      Map.of(
          "anthropic", List.of("\"signature\":\"c2lnbmF0dXJl\""),
          "openai", List.of("\"encrypted_content\":\"c2lnbmF0dXJl\"", "\"id\":\"fc_call_a\""),
          "gemini", List.of("\"thoughtSignature\":\"c2lnbmF0dXJl\""),
          "openrouter", List.of("\"signature\":\"c2lnbmF0dXJl\""));

  private static final Path SDK = Path.of("target", "sdk").toAbsolutePath();

  private static PlayedVendors played;

  @BeforeAll
  static void install() throws Exception {
    played = new PlayedVendors();
    Files.createDirectories(SDK);
    for (String file : List.of("package.json", "package-lock.json", "ask.mjs")) {
      byte[] source = Files.readAllBytes(Path.of("src", "test", "sdk", file));
      Files.write(SDK.resolve(file), source);
    }
    if (!Files.isDirectory(SDK.resolve("node_modules/openai"))) {
      run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path out = SDK.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(SDK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(out);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private Map<String, JsonNode> ask(String sdk) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("node", "ask.mjs", sdk, played.ensemble().baseUrl(), RunningEnsemble.KEY));
    for (VendorWire wire : Wires.all()) {
      played.vendor(wire).answer(ANSWER);
      command.add(wire.type());
    }
    return run(command.toArray(String[]::new))
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(EnsembleClient::json)
        .collect(Collectors.toMap(answer -> answer.path("model").asText(), Function.identity()));
  }

  @Test
  void openAisSdkStreamsAndCallsToolsWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("openai");

    for (VendorWire wire : Wires.all()) {
      verify(wire, answers.get(wire.type()), "tool_calls");
    }
  }

  @Test
  void openAisSdkHasItsResponsesWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("responses");

    for (VendorWire wire : Wires.all()) {
      JsonNode answer = answers.get(wire.type());
      verify(wire, answer, "completed");
      assertThat(answer.path("numbers").asBoolean()).as("%s: %s", wire.type(), answer).isTrue();
      assertThat(answer.path("same").asBoolean()).as("%s: %s", wire.type(), answer).isTrue();
      assertThat(answer.path("listed").asBoolean()).as(wire.type()).isTrue();
      assertThat(answer.path("kept").path(0).asInt()).as(wire.type()).isEqualTo(400);
      assertThat(answer.path("kept").path(2).asText())
          .contains("previous_response_id", "send the whole conversation");
      assertThat(answer.path("events").path(0).asText()).isEqualTo("response.created");
      assertThat(answer.path("events").path(1).asText()).isEqualTo("response.in_progress");
    }
  }

  @Test
  void anthropicsSdkStreamsAndCallsToolsWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("anthropic");

    for (VendorWire wire : Wires.all()) {
      verify(wire, answers.get(wire.type()), "tool_use");
      assertThat(answers.get(wire.type()).path("counted").asInt()).as(wire.type()).isPositive();
    }
  }

  private static void verify(VendorWire wire, JsonNode answer, String finish) {
    assertThat(answer).as(wire.type()).isNotNull();
    assertThat(answer.has("error")).as("%s: %s", wire.type(), answer).isFalse();
    assertThat(answer.path("text").asText()).as(wire.type()).isEqualTo("Grüße 🎻");
    assertThat(answer.path("pieces").asInt()).as(wire.type()).isPositive();
    assertThat(answer.path("calls").toString())
        .as(wire.type())
        .isEqualTo("[[\"read_file\",{\"path\":\"a.txt\"}],[\"bash\",{\"command\":\"ls\"}]]");
    assertThat(answer.path("finish").asText()).as(wire.type()).isEqualTo(finish);
    assertThat(answer.path("usage").asInt()).as(wire.type()).isEqualTo(160);
    assertThat(answer.path("second").asText()).as(wire.type()).isEqualTo("Grüße 🎻");
    assertThat(answer.path("whole").asText()).as(wire.type()).isEqualTo("Grüße 🎻");
    PlayedVendor vendor = played.vendor(wire);
    vendor.asked();
    assertThat(vendor.asked().body())
        .as(wire.type())
        .contains("RESULT of read_file", "RESULT of bash")
        .contains(WANTS_BACK.getOrDefault(wire.type(), List.of("messages")));
    vendor.asked();
  }
}

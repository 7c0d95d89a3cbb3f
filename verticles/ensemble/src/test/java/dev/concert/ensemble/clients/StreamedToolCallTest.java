package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Clients that check each chunk of a streamed tool call against a schema of their own: Vercel's AI
 * SDK, OpenAI's SDK in Python and LangChain, unmodified, against every provider. Each has a turn
 * with two tools, sends their results and reads the last answer.
 */
class StreamedToolCallTest {
  private static final FakeAnswer CALLS =
      FakeAnswer.text("Grüße ", "🎻")
          .withThinking("Hm. ", "c2lnbmF0dXJl")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withCall("call_b", "bash", "{\"command\":\"ls\"}")
          .withUsage(new FakeAnswer.Usage(100, 40, 20, 30, 10));

  private static final FakeAnswer LAST = FakeAnswer.text("It says ", "hello.");

  /** What Gemini has to find in the next question, by what the client keeps of a call. */
  private static final Map<String, String> SIGNATURES =
      Map.of(
          "compatible", "\"thoughtSignature\":\"c2lnbmF0dXJl\"",
          "openai", "\"thoughtSignature\":\"c2lnbmF0dXJl\"",
          "google", "\"thoughtSignature\":\"c2lnbmF0dXJl\"",
          "chat", "skip_thought_signature_validator",
          "langchain", "skip_thought_signature_validator");

  /** The clients that send reasoning back; DeepSeek refuses the others' second question. */
  private static final Set<String> KEEP_REASONING =
      Set.of("compatible", "messages", "responses", "stored", "openai", "google");

  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
    for (VendorWire wire : VendorWires.all()) {
      FakeVendor vendor = played.vendor(wire);
      vendor.script(
          (asked, to) -> {
            FakeAnswer answer = asked.body().contains("RESULT of bash") ? LAST : CALLS;
            FakeVendor.begin(to);
            wire.events(answer).forEach(to::write);
            to.end();
          });
    }
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  @Test
  void theAiSdkCallsToolsWhoeverAnswers() throws Exception {
    verify(
        ClientProgram.npm("ai-sdk"),
        "ask.mjs",
        List.of("chat", "responses", "stored", "compatible", "messages", "gemini"));
  }

  @Test
  void langChainInJavaScriptCallsToolsWhoeverAnswers() throws Exception {
    verify(ClientProgram.npm("langchain"), "ask.mjs", List.of("chat", "responses"));
  }

  @Test
  void clientsInPythonCallToolsWhoeverAnswers() throws Exception {
    verify(
        ClientProgram.python("python"),
        "ask.py",
        List.of("openai", "agents", "anthropic", "langchain", "google"));
  }

  private static void verify(ClientProgram program, String script, List<String> clients)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(played.ensemble().baseUrl());
    arguments.add(RunningEnsemble.KEY);
    for (VendorWire wire : VendorWires.all()) {
      clients.forEach(client -> arguments.add(client + "/" + wire.type()));
    }
    Map<String, JsonNode> answers =
        program.answers(script, arguments).stream()
            .collect(Collectors.toMap(one -> one.path("asked").asText(), one -> one));

    for (VendorWire wire : VendorWires.all()) {
      for (String client : clients) {
        verify(answers.get(client + "/" + wire.type()), client, wire);
      }
    }
  }

  private static void verify(JsonNode answer, String client, VendorWire wire) {
    assertThat(answer).as("%s at %s", client, wire).isNotNull();
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
    assertThat(answer.path("calls").toString())
        .as(answer.toString())
        .isEqualTo("[[\"read_file\",{\"path\":\"a.txt\"}],[\"bash\",{\"command\":\"ls\"}]]");
    assertThat(answer.path("pieces").asInt()).as(answer.toString()).isPositive();
    assertThat(answer.path("usage").asInt()).as(answer.toString()).isEqualTo(160);
    assertThat(answer.path("text").asText()).as(answer.toString()).isEqualTo("Grüße 🎻");
    assertThat(answer.path("last").asText()).as(answer.toString()).isEqualTo("It says hello.");
    FakeVendor vendor = played.vendor(wire);
    vendor.asked();
    String second = vendor.asked().body();
    assertThat(second).contains("RESULT of read_file", "RESULT of bash");
    if (wire.type().equals("gemini")) {
      assertThat(second).as(client).contains(SIGNATURES.getOrDefault(client, ""));
    }
    if (wire.type().equals("openai-compatible") && KEEP_REASONING.contains(client)) {
      assertThat(second).as(client).contains("\"reasoning_content\":\"Hm. \"");
    }
  }
}

package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every client at every provider, and the table of it in {@code docs}: of the pinned versions, or
 * with {@code -Dconcert.clients.newest=true} of the newest. It takes many minutes, so it runs only
 * with {@code -Dconcert.clients.campaign=true}.
 */
@EnabledIfSystemProperty(named = "concert.clients.campaign", matches = "true")
class ClientCampaignTest {
  private static final FakeAnswer CALLS =
      FakeAnswer.text("Grüße ", "🎻")
          .withThinking("Hm. ", "c2lnbmF0dXJl")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withCall("call_b", "bash", "{\"command\":\"ls\"}")
          .withUsage(new FakeAnswer.Usage(100, 40, 20, 30, 10));

  private static FakeVendors played;

  @TempDir private Path folder;

  private final ClientTable table =
      new ClientTable(ClientVersions.asked(), wires().stream().map(VendorWire::type).toList());

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private static List<VendorWire> wires() {
    return VendorWires.withClouds();
  }

  @Test
  void everyClientAtEveryProvider() throws Exception {
    vendorSdks(ClientProgram.npm("vendor-sdks"));
    aiSdk(ClientProgram.npm("ai-sdk"));
    langChain(ClientProgram.npm("langchain"));
    python(ClientProgram.python("python"));
    for (AgentPrograms agent : AgentPrograms.values()) {
      agent(agent);
    }

    assertThat(table.failed()).isEmpty();
  }

  /** Of OpenAI, Anthropic and Google, in JavaScript. */
  private void vendorSdks(ClientProgram program) throws Exception {
    String openAi = "OpenAI SDK (JavaScript) " + program.version("openai");
    Map<String, String> names = new LinkedHashMap<>();
    names.put("openai", openAi + ", Chat Completions");
    names.put("responses", openAi + ", Responses");
    names.put("anthropic", "Anthropic SDK (JavaScript) " + program.version("@anthropic-ai/sdk"));
    names.put("gemini", "Google SDK (JavaScript) " + program.version("@google/genai"));
    for (Map.Entry<String, String> sdk : names.entrySet()) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of(sdk.getKey(), played.ensemble().baseUrl(), RunningEnsemble.KEY));
      for (VendorWire wire : wires()) {
        play(wire, CALLS, "RESULT of bash", FakeAnswer.text("It says ", "hello."));
        arguments.add(wire.type());
      }
      for (JsonNode answer : program.answers("ask.mjs", arguments)) {
        boolean whole =
            answer.path("second").asText().equals("It says hello.")
                && answer.path("calls").size() == 2;
        table.add(
            sdk.getValue(), answer.path("model").asText(), whole, answer.path("error").asText());
      }
    }
  }

  private void aiSdk(ClientProgram program) throws Exception {
    String openAi = "AI SDK openai " + program.version("@ai-sdk/openai");
    Map<String, String> names = new LinkedHashMap<>();
    names.put(
        "compatible", "AI SDK openai-compatible " + program.version("@ai-sdk/openai-compatible"));
    names.put("chat", openAi + ", Chat Completions");
    names.put("responses", openAi + ", Responses");
    names.put("stored", openAi + ", stored Responses");
    names.put("messages", "AI SDK anthropic " + program.version("@ai-sdk/anthropic"));
    names.put("gemini", "AI SDK google " + program.version("@ai-sdk/google"));
    sdks(program, "ask.mjs", names);
  }

  private void langChain(ClientProgram program) throws Exception {
    String title = "LangChain (JavaScript) " + program.version("@langchain/openai");
    Map<String, String> names = new LinkedHashMap<>();
    names.put("chat", title + ", Chat Completions");
    names.put("responses", title + ", Responses");
    sdks(program, "ask.mjs", names);
  }

  private void python(ClientProgram program) throws Exception {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("openai", "OpenAI SDK (Python) " + program.version("openai"));
    names.put("agents", "OpenAI Agents SDK (Python) " + program.version("openai-agents"));
    names.put("anthropic", "Anthropic SDK (Python) " + program.version("anthropic"));
    names.put("langchain", "LangChain (Python) " + program.version("langchain-openai"));
    names.put("google", "Google SDK (Python) " + program.version("google-genai"));
    sdks(program, "ask.py", names);
  }

  private void sdks(ClientProgram program, String script, Map<String, String> names)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(played.ensemble().baseUrl());
    arguments.add(RunningEnsemble.KEY);
    for (VendorWire wire : wires()) {
      play(wire, CALLS, "RESULT of bash", FakeAnswer.text("It says ", "hello."));
      names.keySet().forEach(client -> arguments.add(client + "/" + wire.type()));
    }
    for (JsonNode answer : program.answers(script, arguments)) {
      String[] asked = answer.path("asked").asText().split("/");
      boolean whole =
          answer.path("last").asText().equals("It says hello.") && answer.path("calls").size() == 2;
      table.add(names.get(asked[0]), asked[1], whole, answer.path("error").asText());
    }
  }

  private void agent(AgentPrograms agent) throws Exception {
    ClientProgram program = agent.install();
    String name = agent.title() + " " + program.version(agent.npm());
    for (VendorWire wire : wires()) {
      Path place = folder.resolve(agent.folder() + "-" + wire.type());
      Path home = Files.createDirectories(place.resolve("home"));
      Path work = Files.createDirectories(place.resolve("work"));
      Path file = Files.writeString(work.resolve("a.txt"), "the violin is brown\n");
      play(wire, agent.reading(file), "the violin is brown", FakeAnswer.text("It is ", "brown."));
      String said;
      try {
        said = agent.ask(program, home, work, played.ensemble().baseUrl(), wire.type());
      } catch (AssertionError | IOException failed) {
        said = "failed: " + failed.getMessage();
      }
      table.add(name, wire.type(), said.contains("It is brown."), said);
    }
  }

  /** The vendor answers with a call until it knows its result. */
  private static void play(VendorWire wire, FakeAnswer call, String known, FakeAnswer last) {
    FakeVendor vendor = played.vendor(wire);
    vendor.script(
        (asked, to) -> {
          FakeAnswer answer = asked.body().contains(known) ? last : call;
          FakeVendor.begin(to);
          wire.events(answer).forEach(to::write);
          to.end();
        });
  }
}

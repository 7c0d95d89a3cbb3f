package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.ensemble.provider.VendorSdks;
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
 * Every client at every provider, and the table of it in {@code docs/clients.md}. It takes many
 * minutes, so it runs only with {@code -Dconcert.clients.campaign=true}.
 */
@EnabledIfSystemProperty(named = "concert.clients.campaign", matches = "true")
class ClientCampaignTest {
  private static final Path TABLE = Path.of("..", "..", "docs", "clients.md");

  private static final FakeAnswer CALLS =
      FakeAnswer.text("Grüße ", "🎻")
          .withThinking("Hm. ", "c2lnbmF0dXJl")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withCall("call_b", "bash", "{\"command\":\"ls\"}")
          .withUsage(new FakeAnswer.Usage(100, 40, 20, 30, 10));

  private static FakeVendors played;

  @TempDir private Path folder;

  /** Results by provider, and by client. */
  private final Map<String, Map<String, String>> table = new LinkedHashMap<>();

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
    vendorSdks();
    Map<String, String> sdks = new LinkedHashMap<>();
    sdks.put("compatible", npm("ai-sdk", "@ai-sdk/openai-compatible", "AI SDK openai-compatible"));
    sdks.put("chat", npm("ai-sdk", "@ai-sdk/openai", "AI SDK openai, Chat Completions"));
    sdks.put("responses", npm("ai-sdk", "@ai-sdk/openai", "AI SDK openai, Responses"));
    sdks.put("stored", npm("ai-sdk", "@ai-sdk/openai", "AI SDK openai, stored Responses"));
    sdks.put("messages", npm("ai-sdk", "@ai-sdk/anthropic", "AI SDK anthropic"));
    sdks.put("gemini", npm("ai-sdk", "@ai-sdk/google", "AI SDK google"));
    sdks(ClientProgram.installed("ai-sdk"), "node", "ask.mjs", sdks);
    Map<String, String> langChain = new LinkedHashMap<>();
    langChain.put("chat", langChain("Chat Completions"));
    langChain.put("responses", langChain("Responses"));
    sdks(ClientProgram.installed("langchain"), "node", "ask.mjs", langChain);
    Map<String, String> python = new LinkedHashMap<>();
    python.put("openai", pip("openai", "OpenAI SDK (Python)"));
    python.put("agents", pip("openai-agents", "OpenAI Agents SDK (Python)"));
    python.put("anthropic", pip("anthropic", "Anthropic SDK (Python)"));
    python.put("langchain", pip("langchain-openai", "LangChain (Python)"));
    python.put("google", pip("google-genai", "Google SDK (Python)"));
    sdks(ClientProgram.ofPython("python"), "bin/python", "ask.py", python);
    for (AgentPrograms agent : AgentPrograms.values()) {
      agent(agent);
    }

    assertThat(table.values()).allMatch(row -> row.values().stream().allMatch("yes"::equals));
  }

  /** Of OpenAI, Anthropic and Google, in JavaScript. */
  private void vendorSdks() throws Exception {
    VendorSdks.install();
    Map<String, String> names = new LinkedHashMap<>();
    names.put("openai", vendorSdk("openai", "OpenAI SDK (JavaScript), Chat Completions"));
    names.put("responses", vendorSdk("openai", "OpenAI SDK (JavaScript), Responses"));
    names.put("anthropic", vendorSdk("@anthropic-ai/sdk", "Anthropic SDK (JavaScript)"));
    names.put("gemini", vendorSdk("@google/genai", "Google SDK (JavaScript)"));
    for (Map.Entry<String, String> sdk : names.entrySet()) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of(sdk.getKey(), played.ensemble().baseUrl(), RunningEnsemble.KEY));
      for (VendorWire wire : wires()) {
        play(wire, CALLS, "RESULT of bash", FakeAnswer.text("It says ", "hello."));
        arguments.add(wire.type());
      }
      for (JsonNode answer : VendorSdks.run("ask.mjs", arguments)) {
        boolean whole =
            answer.path("second").asText().equals("It says hello.")
                && answer.path("calls").size() == 2;
        result(sdk.getValue(), answer.path("model").asText(), whole, answer.path("error").asText());
      }
    }
  }

  private void sdks(ClientProgram program, String command, String script, Map<String, String> names)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(played.ensemble().baseUrl());
    arguments.add(RunningEnsemble.KEY);
    for (VendorWire wire : wires()) {
      play(wire, CALLS, "RESULT of bash", FakeAnswer.text("It says ", "hello."));
      names.keySet().forEach(client -> arguments.add(client + "/" + wire.type()));
    }
    for (JsonNode answer : program.answers(List.of(command), script, arguments)) {
      String[] asked = answer.path("asked").asText().split("/");
      boolean whole =
          answer.path("last").asText().equals("It says hello.") && answer.path("calls").size() == 2;
      result(names.get(asked[0]), asked[1], whole, answer.path("error").asText());
    }
  }

  private void agent(AgentPrograms agent) throws Exception {
    ClientProgram program = agent.install();
    String name = npm(agent.folder(), agent.npm(), agent.title());
    for (VendorWire wire : wires()) {
      Path place = folder.resolve(agent.folder() + "-" + wire.type());
      Path home = Files.createDirectories(place.resolve("home"));
      Path work = Files.createDirectories(place.resolve("work"));
      Path file = Files.writeString(work.resolve("a.txt"), "the violin is brown\n");
      play(wire, agent.reading(file), "the violin is brown", FakeAnswer.text("It is ", "brown."));
      String said;
      try {
        said = agent.ask(program, home, work, played.ensemble().baseUrl(), wire.type());
      } catch (AssertionError failed) {
        said = "failed: " + failed.getMessage();
      }
      result(name, wire.type(), said.contains("It is brown."), said);
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

  private void result(String client, String provider, boolean passed, String said)
      throws IOException {
    if (!passed) {
      System.out.println(client + " at " + provider + ": " + said);
    }
    table
        .computeIfAbsent(client, first -> new LinkedHashMap<>())
        .put(provider, passed ? "yes" : "no");
    // A run that is stopped leaves what it has found.
    Files.writeString(TABLE, page());
  }

  private static String npm(String folder, String name, String title) throws IOException {
    return npm(source(folder, "package.json"), name, title);
  }

  private static String langChain(String api) throws IOException {
    return npm("langchain", "@langchain/openai", "LangChain (JavaScript), " + api);
  }

  private static String vendorSdk(String name, String title) throws IOException {
    return npm(Path.of("src", "test", "sdk", "package.json"), name, title);
  }

  /** The client with its version before what follows a comma. */
  private static String npm(Path file, String name, String title) throws IOException {
    String version =
        EnsembleClient.json(Files.readString(file)).path("dependencies").path(name).asText();
    return title.contains(",") ? title.replace(",", " " + version + ",") : title + " " + version;
  }

  private static String pip(String name, String title) throws IOException {
    return title
        + " "
        + Files.readAllLines(source("python", "requirements.txt")).stream()
            .filter(line -> line.startsWith(name + "=="))
            .findFirst()
            .map(line -> line.substring(name.length() + 2))
            .orElse("");
  }

  private static Path source(String folder, String file) {
    return Path.of("src", "test", "clients", folder, file);
  }

  private String page() {
    List<String> providers = wires().stream().map(VendorWire::type).toList();
    StringBuilder page =
        new StringBuilder(
            """
            # Clients that run through Ensemble

            `ClientCampaignTest` writes this page. It installs each client from npm or PyPI in the version that is named, and
            asks it, unmodified, at each provider: a streamed turn with tool calls, their results, and a second answer. The
            providers are played by test servers that speak the vendors' APIs. Run it again with
            `mvn -pl verticles/ensemble -am test -Dtest=ClientCampaignTest -Dsurefire.failIfNoSpecifiedTests=false -Dconcert.clients.campaign=true`.
            `./concert test` runs each client on its own API and at another vendor, and writes nothing here. A client that is
            missing below, or a pair that was "not run", is one that the last campaign did not reach.

            """);
    page.append("| client | ").append(String.join(" | ", providers)).append(" |\n");
    page.append("|---".repeat(providers.size() + 1)).append("|\n");
    table.forEach(
        (client, row) -> {
          page.append("| ").append(client);
          providers.forEach(
              provider -> page.append(" | ").append(row.getOrDefault(provider, "not run")));
          page.append(" |\n");
        });
    return page.toString();
  }
}

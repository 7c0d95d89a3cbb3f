package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.json.Json;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.GeminiWire;
import dev.concert.testing.vendor.ResponsesWire;
import dev.concert.testing.vendor.VendorWire;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An agent of twenty turns costs through Ensemble what it costs directly. */
class PromptCacheCostTest {
  private static final int TURNS = 20;
  private static final int RESULT_CHARACTERS = 4_000;

  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private interface Vendor {
    void ask(String body) throws Exception;
  }

  @Test
  void atAnthropicWithTheMarksThatClaudeCodeSets() throws Exception {
    FakeVendor vendor = played.vendor(new AnthropicWire());
    StrictAnthropic direct = new StrictAnthropic(body -> FakeAnswer.text("Next."));
    vendor.script(direct);
    messagesAgent(
        "vendors-own-name",
        body -> send(vendor.url() + "/v1/messages", "x-api-key", FakeVendor.KEY, body));
    StrictAnthropic through = new StrictAnthropic(body -> FakeAnswer.text("Next."));
    vendor.script(through);
    EnsembleClient client = played.ensemble().client();

    messagesAgent(
        "anthropic",
        body -> assertThat(client.post("/v1/messages", body).statusCode()).isEqualTo(200));

    assertThat(through.total()).isEqualTo(direct.total());
    assertThat(through.total().read()).isGreaterThan(10 * through.total().input());
  }

  @Test
  void atOpenAiWhichCachesEveryPrefixByItself() throws Exception {
    FakeVendor vendor = played.vendor(new ResponsesWire());
    StrictOpenAi direct = new StrictOpenAi(body -> FakeAnswer.text("Next."));
    vendor.script(direct);
    responsesAgent(
        "vendors-own-name",
        body ->
            send(vendor.url() + "/responses", "Authorization", "Bearer " + FakeVendor.KEY, body));
    StrictOpenAi through = new StrictOpenAi(body -> FakeAnswer.text("Next."));
    vendor.script(through);
    EnsembleClient client = played.ensemble().client();

    responsesAgent(
        "openai",
        body -> assertThat(client.post("/v1/responses", body).statusCode()).isEqualTo(200));

    assertThat(through.total()).isEqualTo(direct.total());
    assertThat(through.total().read()).isGreaterThan(5 * through.total().written());
  }

  @Test
  void atAServerOfChatCompletions() throws Exception {
    costsTheSame(
        new ChatWire("openai-compatible"),
        body -> PlayedPromptCache.openAi(body, "messages"),
        (model, vendor) -> chatAgent(model, vendor),
        "/chat/completions",
        "/v1/chat/completions");
  }

  @Test
  void atGoogleWhichCachesEveryPrefixByItself() throws Exception {
    costsTheSame(
        new GeminiWire(),
        PlayedPromptCache::gemini,
        (model, vendor) -> geminiAgent(vendor),
        "/models/vendors-own-name:generateContent",
        "/v1beta/models/gemini:generateContent");
  }

  private interface Agent {
    void work(String model, Vendor vendor) throws Exception;
  }

  private static void costsTheSame(
      VendorWire wire,
      Function<JsonNode, List<PlayedPromptCache.Part>> parts,
      Agent agent,
      String theirPath,
      String ourPath)
      throws Exception {
    FakeVendor vendor = played.vendor(wire);
    PlayedPromptCache direct = cached(vendor, parts);
    agent.work(
        "vendors-own-name",
        body -> send(vendor.url() + theirPath, "Authorization", "Bearer " + FakeVendor.KEY, body));
    PlayedPromptCache through = cached(vendor, parts);
    EnsembleClient client = played.ensemble().client();

    agent.work(
        wire.type(), body -> assertThat(client.post(ourPath, body).statusCode()).isEqualTo(200));

    assertThat(through.total()).isEqualTo(direct.total());
    assertThat(through.total().read()).isGreaterThan(5 * through.total().written());
  }

  /** The vendor answers with the tokens that it found in its cache. */
  private static PlayedPromptCache cached(
      FakeVendor vendor, Function<JsonNode, List<PlayedPromptCache.Part>> parts) {
    PlayedPromptCache cache = new PlayedPromptCache();
    vendor.script(
        (asked, to) -> {
          FakeAnswer answer =
              FakeAnswer.text("Next.")
                  .withUsage(cache.usage(parts.apply(EnsembleClient.json(asked.body()))));
          if (vendor.wire().streams(asked.path(), asked.body())) {
            FakeVendor.begin(to);
            vendor.wire().events(answer).forEach(to::write);
            to.end();
          } else {
            to.putHeader("content-type", "application/json").end(vendor.wire().whole(answer));
          }
        });
    return cache;
  }

  private static void chatAgent(String model, Vendor vendor) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode().put("model", model);
    ObjectNode tool = body.putArray("tools").addObject().put("type", "function");
    tool.putObject("function").put("name", "read").putObject("parameters").put("type", "object");
    ArrayNode messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", "You are an agent. ".repeat(200));
    messages.addObject().put("role", "user").put("content", "Go.");
    for (int turn = 0; turn < TURNS; turn++) {
      vendor.ask(body.toString());
      ObjectNode call =
          messages
              .addObject()
              .put("role", "assistant")
              .putNull("content")
              .putArray("tool_calls")
              .addObject();
      call.put("id", "call_" + turn).put("type", "function");
      call.putObject("function").put("name", "read").put("arguments", "{ }");
      messages
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", "call_" + turn)
          .put("content", result(turn));
    }
  }

  private static void geminiAgent(Vendor vendor) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putObject("systemInstruction")
        .putArray("parts")
        .addObject()
        .put("text", "You are an agent. ".repeat(200));
    body.putArray("tools")
        .addObject()
        .putArray("functionDeclarations")
        .addObject()
        .put("name", "read");
    ArrayNode contents = body.putArray("contents");
    ObjectNode first = contents.addObject().put("role", "user");
    first.putArray("parts").addObject().put("text", "Go.");
    for (int turn = 0; turn < TURNS; turn++) {
      vendor.ask(body.toString());
      ObjectNode call = contents.addObject().put("role", "model").putArray("parts").addObject();
      call.putObject("functionCall").put("name", "read").putObject("args");
      call.put("thoughtSignature", "c2ln");
      contents
          .addObject()
          .put("role", "user")
          .putArray("parts")
          .addObject()
          .putObject("functionResponse")
          .put("name", "read")
          .putObject("response")
          .put("output", result(turn));
    }
  }

  private static String result(int turn) {
    return String.valueOf((char) ('a' + turn)).repeat(RESULT_CHARACTERS);
  }

  private static void responsesAgent(String model, Vendor vendor) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode().put("model", model).put("store", false);
    body.put("instructions", "You are an agent. ".repeat(200));
    body.putArray("tools").addObject().put("type", "custom").put("name", "read");
    ArrayNode input = body.putArray("input");
    input.addObject().put("role", "user").put("content", "Go.");
    for (int turn = 0; turn < TURNS; turn++) {
      vendor.ask(body.toString());
      ObjectNode call = input.addObject().put("type", "custom_tool_call").put("name", "read");
      call.put("id", "ctc_" + turn).put("call_id", "call_" + turn).put("input", "a");
      input
          .addObject()
          .put("type", "custom_tool_call_output")
          .put("call_id", "call_" + turn)
          .put("output", result(turn));
    }
  }

  private static void send(String url, String header, String key, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header(header, key)
            .header("anthropic-version", "2023-06-01")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  /** Marks the system prompt and, as it goes on, the last block: a tool's result. */
  private static void messagesAgent(String model, Vendor vendor) throws Exception {
    ObjectNode body = Json.MAPPER.createObjectNode().put("model", model).put("max_tokens", 500);
    mark(text(body.putArray("system"), "You are an agent. ".repeat(200)));
    ObjectNode tool = body.putArray("tools").addObject().put("name", "read");
    tool.putObject("input_schema").put("type", "object");
    ArrayNode messages = body.putArray("messages");
    text(messages.addObject().put("role", "user").putArray("content"), "Go.");
    ObjectNode last = null;
    for (int turn = 0; turn < TURNS; turn++) {
      vendor.ask(body.toString());
      ObjectNode call =
          messages.addObject().put("role", "assistant").putArray("content").addObject();
      call.put("type", "tool_use")
          .put("id", "toolu_" + turn)
          .put("name", "read")
          .putObject("input");
      if (last != null) {
        last.remove("cache_control");
      }
      last = messages.addObject().put("role", "user").putArray("content").addObject();
      last.put("type", "tool_result").put("tool_use_id", "toolu_" + turn);
      last.put("content", result(turn));
      mark(last);
    }
  }

  private static ObjectNode text(ArrayNode content, String text) {
    return content.addObject().put("type", "text").put("text", text);
  }

  private static void mark(ObjectNode block) {
    block.putObject("cache_control").put("type", "ephemeral");
  }
}

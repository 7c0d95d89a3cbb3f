package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.Dialects;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ProviderType;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.error.ConcertException;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each vendor's exchanges as tables: our request and theirs, their answer and ours, and what of the
 * answer goes back to them. A file of {@code src/test/resources/exchanges} is one exchange:
 *
 * <ul>
 *   <li>{@code provider}, {@code source} (where the form is documented), {@code model} ({@code
 *       streaming}, {@code thinking_style});
 *   <li>{@code request} and the {@code path} and {@code sends} it comes to;
 *   <li>{@code events} or {@code whole}: the answer; {@code end}: our merged {@code blocks}, {@code
 *       finish_reason}, {@code stop_sequence}, {@code tokens} (input, cached, cache write, output,
 *       reasoning), or the {@code error} with {@code retry_after_ms};
 *   <li>{@code returns}: the last message that goes back when the blocks are said by the assistant.
 * </ul>
 */
class ExchangesTest {
  private static final Path FOLDER =
      Path.of(ExchangesTest.class.getResource("/exchanges").getPath());

  @TestFactory
  Stream<DynamicTest> ourRequestInTheirForm() throws IOException {
    return exchanges("sends", ExchangesTest::assertSent);
  }

  @TestFactory
  Stream<DynamicTest> theirAnswerInOurForm() throws IOException {
    return exchanges("end", ExchangesTest::assertRead);
  }

  @TestFactory
  Stream<DynamicTest> theirAnswerGoesBackAsItCame() throws IOException {
    return exchanges("returns", ExchangesTest::assertReturned);
  }

  private interface Check {
    void of(JsonNode exchange) throws JsonProcessingException;
  }

  private static Stream<DynamicTest> exchanges(String field, Check check) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(FOLDER)) {
      files = walk.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files) {
      JsonNode exchange = ExactJson.MAPPER.readTree(Files.readString(file));
      assertThat(exchange.path("source").asText()).as("source of %s", file).startsWith("https://");
      if (exchange.has(field)) {
        String name = FOLDER.relativize(file).toString();
        tests.add(DynamicTest.dynamicTest(name, () -> check.of(exchange)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void assertSent(JsonNode exchange) {
    var sent =
        dialect(exchange)
            .encode(
                model(exchange),
                RequestReader.read(Buffer.buffer(exchange.path("request").toString())));

    assertThat(same(sent.body())).isEqualTo(same(exchange.path("sends")));
    if (exchange.has("path")) {
      assertThat(sent.path()).isEqualTo(exchange.path("path").asText());
    }
  }

  private static void assertRead(JsonNode exchange) throws JsonProcessingException {
    JsonNode end = exchange.path("end");
    Read read = read(exchange);

    if (end.has("error")) {
      assertThat(read.failure()).isPresent();
      assertThat(read.failure().get().code().name()).isEqualTo(end.path("error").asText());
      assertThat(read.failure().get().retryAfterMs())
          .isEqualTo(end.path("retry_after_ms").asLong());
    } else {
      assertThat(read.failure()).isEmpty();
      ProviderOutcome outcome = read.outcome().orElseThrow();
      assertThat(Json.MAPPER.valueToTree(outcome.finishReason()).asText())
          .isEqualTo(end.path("finish_reason").asText());
      assertThat(outcome.stopSequence().orElse("")).isEqualTo(end.path("stop_sequence").asText(""));
      outcome
          .usage()
          .ifPresent(
              usage ->
                  assertThat(
                          List.of(
                              usage.input(),
                              usage.cached(),
                              usage.cacheWrite(),
                              usage.output(),
                              usage.reasoning()))
                      .isEqualTo(longs(end.path("tokens"))));
    }
    if (end.has("blocks")) {
      assertThat(withoutMadeIds(read.merged())).isEqualTo(same(end.path("blocks")));
    }
  }

  private static void assertReturned(JsonNode exchange) throws JsonProcessingException {
    ObjectNode request = Json.MAPPER.createObjectNode().put("model", "m");
    request
        .putArray("messages")
        .addObject()
        .put("role", "assistant")
        .set("content_blocks", read(exchange).merged());

    JsonNode body =
        dialect(exchange)
            .encode(model(exchange), RequestReader.read(Buffer.buffer(request.toString())))
            .body();

    JsonNode said =
        switch (exchange.path("provider").asText()) {
          case "openai" -> body.path("input");
          case "gemini" -> body.path("contents").path(0).path("parts");
          case "anthropic" -> body.path("messages").path(0).path("content");
          default -> body.path("messages").path(0);
        };
    assertThat(same(said)).isEqualTo(same(exchange.path("returns")));
  }

  private record Read(
      JsonNode merged, Optional<ProviderOutcome> outcome, Optional<ConcertException> failure) {}

  private static Read read(JsonNode exchange) {
    BlockCollector collected = new BlockCollector();
    ResponseReader reader = dialect(exchange).reader(collected::add);
    Optional<ProviderOutcome> outcome = Optional.empty();
    Optional<ConcertException> failure = Optional.empty();
    try {
      if (exchange.has("whole")) {
        reader.whole(exchange.path("whole"));
      }
      exchange
          .path("events")
          .forEach(event -> reader.event(new SseEvent("", ExactJson.text(event))));
      outcome = Optional.of(reader.end());
    } catch (ConcertException broken) {
      failure = Optional.of(broken);
    }
    List<Block> blocks = collected.blocks();
    return new Read(written(blocks), outcome, failure);
  }

  private static JsonNode written(List<Block> blocks) {
    try {
      return same(
          Json.MAPPER.writerFor(new TypeReference<List<Block>>() {}).writeValueAsString(blocks));
    } catch (JsonProcessingException e) {
      throw new AssertionError("Blocks can be written", e);
    }
  }

  /** Ids that the vendor does not give are made here, and differ each time. */
  private static JsonNode withoutMadeIds(JsonNode blocks) {
    return same(blocks.toString().replaceAll("call_[0-9a-f-]{36}", "call_made"));
  }

  private static Dialect dialect(JsonNode exchange) {
    ProviderType type = ProviderType.ofWord(exchange.path("provider").asText()).orElseThrow();
    return Dialects.of(
            new ProviderOptions(
                "vendor",
                type,
                URI.create("http://127.0.0.1"),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                "max_tokens",
                Set.of(),
                List.of(model(exchange))))
        .of(model(exchange), FakeModels.question());
  }

  private static ServedModel model(JsonNode exchange) {
    JsonNode model = exchange.path("model");
    Capabilities can =
        Capabilities.all()
            .withStreaming(model.path("streaming").asBoolean(true))
            .withThinkingStyle(
                model.path("thinking_style").asText().equals("budget")
                    ? ThinkingStyle.BUDGET
                    : ThinkingStyle.EFFORT);
    return new ServedModel(
        "m",
        "vendors-model",
        "vendor",
        200_000,
        8_192,
        can,
        Price.FREE,
        ServedModel.DEFAULT_STALL,
        ServedModel.DEFAULT_TOTAL);
  }

  private static List<Long> longs(JsonNode numbers) {
    List<Long> list = new ArrayList<>();
    numbers.forEach(number -> list.add(number.asLong()));
    return list;
  }

  /** As a tree that was read, so that an int and a long are the same number. */
  private static JsonNode same(JsonNode node) {
    return same(node.toString());
  }

  private static JsonNode same(String json) {
    try {
      return ExactJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }
}

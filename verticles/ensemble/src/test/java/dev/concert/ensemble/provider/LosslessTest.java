package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.Dialects;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.json.Json;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a vendor sends goes back to it: decoded, over our wire to a client that keeps it as
 * JSON, over our wire again, and encoded. Numbers are compared by every digit.
 */
class LosslessTest {
  private static final int TRIES = 200;

  @Provide
  Arbitrary<ObjectNode> anthropicBlocks() {
    return Arbitraries.oneOf(
        known("{\"type\":\"text\",\"text\":\"x\"}", "cache_control"),
        known("{\"type\":\"thinking\",\"thinking\":\"x\",\"signature\":\"c2ln\"}"),
        known("{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"n\",\"input\":{\"a\":1.10}}"),
        known("{\"type\":\"server_tool_use\"}"),
        known("{\"type\":\"not invented yet\"}"));
  }

  @Property(tries = TRIES)
  void anthropicGetsItsBlocksBack(@ForAll("anthropicBlocks") ObjectNode block) {
    ObjectNode message = Json.MAPPER.createObjectNode().put("stop_reason", "tool_use");
    // So that there is a call, and no empty message.
    message
        .putArray("content")
        .add(block)
        .add(tree("{\"type\":\"tool_use\",\"id\":\"z\",\"name\":\"z\",\"input\":{}}"));

    JsonNode sent = returned("anthropic", message).path("messages").path(0).path("content");

    assertThat(sent.path(0)).isEqualTo(tree(ExactJson.text(block)));
  }

  @Provide
  Arbitrary<ObjectNode> openAiItems() {
    return Arbitraries.oneOf(
        known("{\"type\":\"reasoning\",\"encrypted_content\":\"e\",\"summary\":[]}", "content"),
        known(
            "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"{ }\"}",
            "status"),
        known(
            "{\"type\":\"message\",\"role\":\"assistant\",\"id\":\"m\",\"content\":[{\"type\":"
                + "\"output_text\",\"text\":\"x\",\"annotations\":[{\"a\":1.10}]}]}",
            "status"),
        known("{\"type\":\"not invented yet\"}"));
  }

  @Property(tries = TRIES)
  void openAiGetsItsItemsBack(@ForAll("openAiItems") ObjectNode item) {
    ObjectNode response = Json.MAPPER.createObjectNode().put("status", "completed");
    response.putArray("output").add(item);

    assertThat(returned("openai", response).path("input").path(0))
        .isEqualTo(tree(ExactJson.text(item)));
  }

  @Provide
  Arbitrary<ObjectNode> geminiParts() {
    return Arbitraries.oneOf(
        known("{\"text\":\"x\",\"thoughtSignature\":\"s\"}", "functionCall", "thought"),
        known("{\"text\":\"x\",\"thought\":true,\"thoughtSignature\":\"s\"}", "functionCall"),
        known("{\"functionCall\":{\"id\":\"i\",\"name\":\"n\",\"args\":{\"a\":1.10}}}", "id"),
        known("{\"executableCode\":{}}", "functionCall", "text"));
  }

  @Property(tries = TRIES)
  void geminiGetsItsPartsBack(@ForAll("geminiParts") ObjectNode part) {
    ObjectNode response = Json.MAPPER.createObjectNode();
    ObjectNode candidate = response.putArray("candidates").addObject();
    candidate.put("finishReason", "STOP").putObject("content").putArray("parts").add(part);

    JsonNode contents = returned("gemini", response).path("contents");

    assertThat(contents.path(0).path("parts").path(0)).isEqualTo(tree(ExactJson.text(part)));
  }

  @Provide
  Arbitrary<FakeAnswer> answers() {
    Arbitrary<List<String>> text =
        Arbitraries.strings()
            .alpha()
            .ofMinLength(1)
            .ofMaxLength(5)
            .list()
            .ofMinSize(1)
            .ofMaxSize(4);
    Arbitrary<Usage> usage =
        Combinators.combine(counts(), counts(), counts(), counts(), counts())
            .as((in, read, write, out, more) -> new Usage(in, read, write, out + more, more));
    return Combinators.combine(text, Arbitraries.integers().between(0, 3), usage)
        .as(
            (pieces, calls, counted) -> {
              FakeAnswer answer = new FakeAnswer("Hm.", "c2ln", pieces, List.of(), counted);
              for (int i = 0; i < calls; i++) {
                answer = answer.withCall("call_" + i, "tool", "{\"n\":" + i + "}");
              }
              return answer;
            });
  }

  @Provide
  Arbitrary<VendorWire> wires() {
    return Arbitraries.of(VendorWires.all());
  }

  @Property(tries = TRIES)
  void aStreamComesToTheSameAsTheAnswerInOnePiece(
      @ForAll("wires") VendorWire wire, @ForAll("answers") FakeAnswer answer) {
    BlockCollector streamed = new BlockCollector();
    ProviderOutcome end = stream(wire, answer, streamed);
    BlockCollector whole = new BlockCollector();
    ResponseReader reader = dialect(wire.type()).reader(whole::add);
    reader.whole(tree(wire.whole(answer)));

    assertThat(reader.end().finishReason()).isEqualTo(end.finishReason());
    assertThat(written(streamed.blocks())).isEqualTo(written(whole.blocks()));
  }

  @Property(tries = TRIES)
  void everyPromptTokenIsInOneOfThreeCounts(
      @ForAll("wires") VendorWire wire, @ForAll("answers") FakeAnswer answer) {
    TokenCount counted = stream(wire, answer, new BlockCollector()).usage().orElseThrow();

    assertThat(counted.input() + counted.cached() + counted.cacheWrite())
        .isEqualTo(answer.usage().prompt());
    assertThat(counted.cached()).isEqualTo(answer.usage().cached());
    assertThat(counted.output()).isEqualTo(answer.usage().output());
    assertThat(counted.estimated()).isFalse();
  }

  private static Arbitrary<Long> counts() {
    return Arbitraries.longs().between(0, 1_000_000);
  }

  /** A known block with fields nobody knows. */
  private static Arbitrary<ObjectNode> known(String json, String... notThese) {
    ObjectNode known = (ObjectNode) tree(json);
    Set<String> taken = new HashSet<>(Set.of(notThese));
    known.fieldNames().forEachRemaining(taken::add);
    return ArbitraryJson.fieldsBeside(taken)
        .map(
            more -> {
              ObjectNode block = known.deepCopy();
              block.setAll(more);
              return block;
            });
  }

  private static ProviderOutcome stream(VendorWire wire, FakeAnswer answer, BlockCollector into) {
    ResponseReader reader = dialect(wire.type()).reader(into::add);
    for (String event : wire.events(answer)) {
      for (String line : event.split("\n")) {
        if (line.startsWith("data: ")) {
          reader.event(new SseEvent("", line.substring("data: ".length())));
        }
      }
    }
    return reader.end();
  }

  /** The request that a client makes of an answer which it has kept. */
  private static JsonNode returned(String type, JsonNode answer) {
    BlockCollector collected = new BlockCollector();
    ResponseReader reader = dialect(type).reader(collected::add);
    reader.whole(tree(ExactJson.text(answer)));
    reader.end();
    ObjectNode request = Json.MAPPER.createObjectNode().put("model", "m");
    ArrayNode messages = request.putArray("messages");
    messages
        .addObject()
        .put("role", "assistant")
        .set("content_blocks", tree(written(collected.blocks())));
    // A client's own JSON library, which keeps no more than values.
    Buffer overTheWire = Buffer.buffer(request.toString());
    JsonNode body =
        dialect(type).encode(FakeModels.model(), RequestReader.read(overTheWire)).body();
    return tree(ExactJson.text(body));
  }

  private static Dialect dialect(String type) {
    ProviderOptions options = FakeModels.options(type);
    return Dialects.of(options).of(options.models().getFirst(), FakeModels.question());
  }

  private static String written(List<Block> blocks) {
    try {
      return Json.MAPPER
          .writerFor(new TypeReference<List<Block>>() {})
          .writeValueAsString(blocks)
          .replaceAll("call_[0-9a-f-]{36}", "call_made");
    } catch (JsonProcessingException e) {
      throw new AssertionError("Blocks can be written", e);
    }
  }

  private static JsonNode tree(String json) {
    try {
      return ExactJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }
}

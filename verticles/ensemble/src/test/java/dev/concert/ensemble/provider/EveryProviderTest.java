package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.Sse;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.ResponsesWire;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same whoever answers. */
class EveryProviderTest {
  private static final FakeAnswer EVERYTHING =
      FakeAnswer.text("Grüße ", "🎻")
          .withThinking("Hm. ", "c2lnbmF0dXJl")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withCall("call_b", "bash", "{\"command\":\"ls\"}")
          .withUsage(new FakeAnswer.Usage(100, 40, 20, 30, 10));

  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  static List<VendorWire> wires() {
    return VendorWires.withClouds();
  }

  static Stream<Arguments> wiresStreamingAndNot() {
    return wires().stream()
        .flatMap(wire -> Stream.of(Arguments.of(wire, ""), Arguments.of(wire, "-whole")));
  }

  @ParameterizedTest
  @MethodSource("wiresStreamingAndNot")
  void thinksSpeaksCallsToolsInParallelAndCounts(VendorWire wire, String suffix) {
    played.vendor(wire).answer(EVERYTHING);

    Sse answer = ask(wire, suffix);

    JsonNode done = answer.last().data();
    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(answer.joined("thinking")).isEqualTo("Hm. ");
    assertThat(answer.joined("text")).isEqualTo("Grüße 🎻");
    assertThat(done.path("finish_reason").asText()).isEqualTo("tool_use");
    List<JsonNode> calls = calls(done);
    assertThat(calls).hasSize(2);
    assertThat(calls.getFirst().path("name").asText()).isEqualTo("read_file");
    assertThat(calls.getFirst().path("arguments").path("path").asText()).isEqualTo("a.txt");
    assertThat(calls.getLast().path("arguments").path("command").asText()).isEqualTo("ls");
    assertThat(calls.getFirst().path("id")).isNotEqualTo(calls.getLast().path("id"));
    assertThat(answer.types()).contains("tool_call_start", "tool_call_delta");
  }

  @ParameterizedTest
  @MethodSource("wiresStreamingAndNot")
  void countsEachPromptTokenOnce(VendorWire wire, String suffix) {
    played.vendor(wire).answer(EVERYTHING);

    JsonNode done = ask(wire, suffix).last().data();

    long prompt =
        done.path("input_tokens").asLong()
            + done.path("cached_tokens").asLong()
            + done.path("cache_write_tokens").asLong();
    assertThat(prompt).isEqualTo(160);
    assertThat(done.path("cached_tokens").asLong()).isEqualTo(40);
    assertThat(done.path("output_tokens").asLong()).isEqualTo(30);
  }

  @ParameterizedTest
  @MethodSource("wires")
  void isAskedWithItsOwnKeyAndForItsOwnModel(VendorWire wire) {
    FakeVendor vendor = played.vendor(wire);
    vendor.answer(FakeAnswer.text("x"));
    while (vendor.askedTimes() > 0) {
      vendor.asked();
    }

    ask(wire, "");

    FakeVendor.Asked asked = vendor.asked();
    assertThat(asked.headers().toString()).contains(wire.proof());
    assertThat(asked.path() + asked.body()).contains("vendors-own-name");
  }

  @ParameterizedTest
  @MethodSource("wires")
  void takesItsOwnAnswerBack(VendorWire wire) {
    FakeVendor vendor = played.vendor(wire);
    vendor.answer(EVERYTHING);
    JsonNode blocks = ask(wire, "").last().data().path("blocks");
    vendor.asked();
    while (vendor.askedTimes() > 0) {
      vendor.asked();
    }
    String next =
        """
        {"model":"%s","messages":[{"role":"user","content":"hello"},
         {"role":"assistant","content_blocks":%s},
         {"role":"tool","tool_call_id":"%s","content":"one"},
         {"role":"tool","tool_call_id":"%s","content":"two"}]}\
        """
            .formatted(
                wire.type(),
                blocks,
                calls(blocks).getFirst().path("id").asText(),
                calls(blocks).getLast().path("id").asText());

    Sse answer = played.ensemble().client().stream(next);

    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(vendor.asked().body()).contains("Grüße 🎻", "read_file", "one", "two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "openai-whole"})
  void endsAtAStopSequenceEvenWhereTheVendorKnowsNone(String model) {
    VendorWire wire = new ResponsesWire();
    played.vendor(wire).answer(FakeAnswer.text("one ST", "OP two"));
    String body =
        Requests.ofModel(model)
            .replace("\"max_tokens\"", "\"stop_sequences\":[\"STOP\"],\"max_tokens\"");

    Sse answer = played.ensemble().client().stream(body);

    JsonNode done = answer.last().data();
    assertThat(answer.joined("text")).isEqualTo("one ");
    assertThat(done.path("finish_reason").asText()).isEqualTo("stop_sequence");
    assertThat(done.path("stop_sequence").asText()).isEqualTo("STOP");
    assertThat(done.path("output_tokens").asLong()).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("wires")
  void theFirstPieceIsPassedOnBeforeTheSecondIsSent(VendorWire wire) {
    List<String> events = wire.events(FakeAnswer.text("first", "second"));
    List<String> others = wire.events(FakeAnswer.text("first", "other"));
    // Where the two differ; some vendors encode the text.
    int second =
        IntStream.range(0, events.size())
            .filter(at -> !events.get(at).equals(others.get(at)))
            .findFirst()
            .orElseThrow();
    Promise<Void> firstSeen = Promise.promise();
    played
        .vendor(wire)
        .script(
            (asked, to) -> {
              FakeVendor.begin(to);
              events.subList(0, second).forEach(to::write);
              // Nobody sends more before the client has seen what there is.
              firstSeen
                  .future()
                  .onSuccess(
                      seen -> {
                        events.subList(second, events.size()).forEach(to::write);
                        to.end();
                      });
            });

    List<String> lines = new ArrayList<>();
    played
        .ensemble()
        .client()
        .streamLines(
            Requests.ofModel(wire.type()),
            line -> {
              lines.add(line);
              if (line.contains("first")) {
                firstSeen.tryComplete();
              }
            });

    assertThat(lines).anyMatch(line -> line.contains("second")).contains("event: done");
  }

  private static List<JsonNode> calls(JsonNode done) {
    JsonNode blocks = done.isArray() ? done : done.path("blocks");
    return StreamSupport.stream(blocks.spliterator(), false)
        .filter(block -> block.path("type").asText().equals("tool_call"))
        .map(block -> block.path("tool_call"))
        .toList();
  }

  private static Sse ask(VendorWire wire, String suffix) {
    EnsembleClient client = played.ensemble().client();
    return client.stream(Requests.ofModel(wire.type() + suffix));
  }
}

package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a provider has read before reaches it again to the letter, turn after turn: else its cache
 * knows nothing of it, and everything is paid in full once more.
 */
class StablePrefixTest {
  private static final List<String> CONVERSATIONS = List.of("messages", "input", "contents");

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
    return VendorWires.all();
  }

  /**
   * @param around all of a request but the conversation, in its order
   */
  private record Sent(String around, List<String> turns) {}

  @ParameterizedTest
  @MethodSource("wires")
  void eachTurnBeginsWithAllThatWasSentBefore(VendorWire wire) {
    List<String> messages = new ArrayList<>();
    messages.add("{\"role\":\"system\",\"content\":\"You help.\"}");
    messages.add("{\"role\":\"user\",\"content\":\"Read both files.\"}");
    FakeAnswer calls =
        FakeAnswer.text("Grüße ", "🎻")
            .withThinking("Hm. ", "c2lnbmF0dXJl")
            .withCall("call_a", "read_file", "{\"path\":\"b.txt\",\"and\":\"a.txt\",\"n\":1.50}")
            .withCall("call_b", "read_file", "{\"path\":\"c.txt\"}");

    Sent first = ask(wire, messages, calls);
    results(messages).forEach(messages::add);
    Sent second = ask(wire, messages, FakeAnswer.text("Both say: ", "nothing."));
    messages.add("{\"role\":\"user\",\"content\":\"Thanks. And now?\"}");
    Sent third = ask(wire, messages, FakeAnswer.text("Nothing."));

    assertThat(second.around()).isEqualTo(first.around());
    assertThat(third.around()).isEqualTo(first.around());
    assertThat(second.turns()).hasSizeGreaterThan(first.turns().size());
    assertThat(second.turns().subList(0, first.turns().size())).isEqualTo(first.turns());
    assertThat(third.turns()).hasSizeGreaterThan(second.turns().size());
    assertThat(third.turns().subList(0, second.turns().size())).isEqualTo(second.turns());
  }

  /** Asks, and lets the answer follow what was said. */
  private static Sent ask(VendorWire wire, List<String> messages, FakeAnswer answer) {
    FakeVendor vendor = played.vendor(wire);
    vendor.answer(answer);
    String body =
        """
        {"model":"%s","max_tokens":1000,"messages":[%s],
         "tools":[{"name":"read_file","description":"Reads","parameters":
           {"type":"object","properties":{"path":{"type":"string"},"and":{"type":"string"}}}}]}"""
            .formatted(wire.type(), String.join(",", messages));
    JsonNode done = played.ensemble().client().stream(body).last().data();
    assertThat(done.path("blocks").isArray()).as(done.toString()).isTrue();
    messages.add("{\"role\":\"assistant\",\"content_blocks\":%s}".formatted(done.path("blocks")));
    return sent(vendor.asked().body());
  }

  private static List<String> results(List<String> messages) {
    JsonNode answer = EnsembleClient.json(messages.getLast());
    return StreamSupport.stream(answer.path("content_blocks").spliterator(), false)
        .filter(block -> block.path("type").asText().equals("tool_call"))
        .map(
            block ->
                "{\"role\":\"tool\",\"tool_call_id\":%s,\"content\":\"nothing\"}"
                    .formatted(block.at("/tool_call/id")))
        .toList();
  }

  private static Sent sent(String body) {
    ObjectNode request = (ObjectNode) EnsembleClient.json(body);
    // Where the prompt is to be cached until is no part of it.
    request
        .findParents("cache_control")
        .forEach(part -> ((ObjectNode) part).remove("cache_control"));
    List<String> turns = new ArrayList<>();
    for (String name : CONVERSATIONS) {
      request.path(name).forEach(turn -> turns.add(turn.toString()));
      request.remove(name);
    }
    assertThat(turns).isNotEmpty();
    return new Sent(request.toString(), turns);
  }
}

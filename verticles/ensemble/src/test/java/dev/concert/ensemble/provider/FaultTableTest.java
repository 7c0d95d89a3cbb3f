package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.Sse;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client sees when a vendor misbehaves: an error, never a normal end. */
class FaultTableTest {
  private static final FakeAnswer ANSWER =
      FakeAnswer.text("Grüße ", "🎻").withThinking("Hm", "c2ln").withCall("c", "bash", "{\"a\":1}");

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

  static Stream<Arguments> wiresAndPlaces() {
    return wires().stream()
        .flatMap(
            wire ->
                Stream.iterate(0, at -> at + 1)
                    .limit(wire.events(ANSWER).size())
                    .map(at -> Arguments.of(wire, at)));
  }

  @ParameterizedTest
  @MethodSource("wiresAndPlaces")
  void aCutConnectionIsAnErrorWhereverItIsCut(VendorWire wire, int at) {
    List<String> events = wire.events(ANSWER).subList(0, at);
    String half = wire.events(ANSWER).get(at);
    played
        .vendor(wire)
        .script(
            (asked, to) -> {
              FakeVendor.begin(to);
              events.forEach(to::write);
              to.write(half.substring(0, half.length() / 2)).onComplete(sent -> to.reset());
            });

    Sse answer = ask(wire);

    assertThat(answer.errorCode()).isEqualTo("PROVIDER_FAILED");
    assertThat(answer.events()).noneMatch(event -> event.name().equals("done"));
  }

  @ParameterizedTest
  @MethodSource("wiresAndPlaces")
  void aStreamThatEndsBeforeTheAnswerDoesIsAnError(VendorWire wire, int at) {
    String sent = String.join("", wire.events(ANSWER).subList(0, at));
    boolean whole = sent.matches("(?s).*(finish_reason\":\"|finishReason).*");
    played.vendor(wire).stream(Buffer.buffer(sent));

    Sse answer = ask(wire);

    assertThat(answer.events().stream().anyMatch(event -> event.name().equals("done")))
        .isEqualTo(whole);
    if (!whole) {
      assertThat(answer.errorCode()).isEqualTo("PROVIDER_FAILED");
    }
  }

  static Stream<Arguments> brokenBodies() {
    return wires().stream()
        .flatMap(
            wire -> {
              String whole = wire.whole(ANSWER);
              return Stream.of("", "{}", "[]", "null", "{nonsense", "<html>", whole + "x")
                  .map(body -> Arguments.of(wire, body));
            });
  }

  @ParameterizedTest
  @MethodSource("brokenBodies")
  void anAnswerInOnePieceThatIsNoneIsAnError(VendorWire wire, String body) {
    played
        .vendor(wire)
        .script((asked, to) -> to.putHeader("content-type", "application/json").end(body));

    assertThat(askForWhole(wire).errorCode()).isEqualTo("PROVIDER_FAILED");
  }

  @ParameterizedTest
  @MethodSource("wires")
  void anAnswerInOnePieceThatIsCutIsAnError(VendorWire wire) {
    String whole = wire.whole(ANSWER);
    played
        .vendor(wire)
        .script(
            (asked, to) ->
                to.setChunked(true)
                    .putHeader("content-type", "application/json")
                    .write(whole)
                    // All of it is there but the end of the body.
                    .onComplete(sent -> to.reset()));

    assertThat(askForWhole(wire).errorCode()).isEqualTo("PROVIDER_FAILED");
  }

  @Test
  void silenceInsteadOfAnAnswerInOnePieceEndsTheCall() {
    wires().forEach(wire -> played.vendor(wire).script((asked, to) -> {}));

    assertThat(allAtOnce("-whole-short")).containsOnly("TIMEOUT").hasSameSizeAs(wires());
  }

  @ParameterizedTest
  @MethodSource("wires")
  void malformedJsonIsAnError(VendorWire wire) {
    played.vendor(wire).stream(Buffer.buffer(with(wire, "data: {nonsense\n\n")));

    assertThat(ask(wire).errorCode()).isEqualTo("PROVIDER_FAILED");
  }

  @ParameterizedTest
  @MethodSource("wires")
  void anErrorInTheMiddleKeepsItsMeaning(VendorWire wire) {
    played.vendor(wire).stream(Buffer.buffer(with(wire, wire.overloadedEvent())));

    Sse answer = ask(wire);

    assertThat(answer.errorCode()).isEqualTo("PROVIDER_OVERLOADED");
    assertThat(answer.last().data().path("retryable").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("wiresAndPlaces")
  void anEventNobodyKnowsIsPassedOver(VendorWire wire, int at) {
    List<String> events = new ArrayList<>(wire.events(ANSWER));
    events.add(at, wire.unknownEvent());
    played.vendor(wire).stream(Buffer.buffer(String.join("", events)));

    assertWhole(ask(wire));
  }

  @ParameterizedTest
  @MethodSource("wires")
  void commentsAndCarriageReturnsAreNoMatter(VendorWire wire) {
    String odd = String.join(": keep-alive\n\n", wire.events(ANSWER)).replace("\n", "\r\n");
    played.vendor(wire).stream(Buffer.buffer(odd));

    assertWhole(ask(wire));
  }

  @ParameterizedTest
  @MethodSource("wires")
  void aCharacterMayBeCutBetweenPackets(VendorWire wire) {
    Buffer bytes = Buffer.buffer(String.join("", wire.events(ANSWER)));
    played.vendor(wire).stream(
        Stream.iterate(0, at -> at + 1)
            .limit(bytes.length())
            .map(at -> bytes.getBuffer(at, at + 1))
            .toArray(Buffer[]::new));

    assertWhole(ask(wire));
  }

  @ParameterizedTest
  @MethodSource("wires")
  void hugeArgumentsArriveWhole(VendorWire wire) {
    String long4MiB = "x".repeat(4 * 1024 * 1024);
    played
        .vendor(wire)
        .answer(FakeAnswer.text("w").withCall("c", "write", "{\"text\":\"" + long4MiB + "\"}"));

    JsonNode blocks = ask(wire).last().data().path("blocks");

    JsonNode call = blocks.path(blocks.size() - 1).path("tool_call");
    assertThat(call.path("arguments").path("text").asText()).hasSize(long4MiB.length());
  }

  @Test
  void silenceAfterTheFirstBlockEndsTheCall() {
    for (VendorWire wire : wires()) {
      List<String> events = wire.events(ANSWER);
      played
          .vendor(wire)
          .script(
              (asked, to) -> {
                FakeVendor.begin(to);
                events.subList(0, events.size() / 2).forEach(to::write);
              });
    }

    assertThat(allAtOnce("-short")).containsOnly("TIMEOUT").hasSameSizeAs(wires());
  }

  /** How calls to all vendors end, which are made at the same time, since each waits. */
  private static List<String> allAtOnce(String suffix) {
    List<Future<String>> calls;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      calls =
          wires().stream()
              .map(wire -> threads.submit(() -> askModel(wire, suffix).errorCode()))
              .toList();
    }
    return calls.stream().map(Future::resultNow).toList();
  }

  static Stream<Arguments> refusals() {
    return wires().stream()
        .flatMap(
            wire ->
                Stream.of(
                    Arguments.of(wire, 400, "Odd.", "PROVIDER_REJECTED", 400, false),
                    Arguments.of(
                        wire, 400, "prompt is too long: 9 > 8", "CONTEXT_TOO_LONG", 400, false),
                    Arguments.of(wire, 401, "Who?", "PROVIDER_AUTH", 502, false),
                    Arguments.of(wire, 403, "You?", "PROVIDER_AUTH", 502, false),
                    Arguments.of(wire, 404, "Model?", "MODEL_UNKNOWN", 404, false),
                    Arguments.of(wire, 413, "Long.", "CONTEXT_TOO_LONG", 400, false),
                    Arguments.of(wire, 429, "Slow.", "PROVIDER_RATE_LIMITED", 429, true),
                    Arguments.of(wire, 500, "Oops.", "PROVIDER_FAILED", 502, true),
                    Arguments.of(wire, 503, "Busy.", "PROVIDER_OVERLOADED", 503, true),
                    Arguments.of(wire, 529, "Busy.", "PROVIDER_OVERLOADED", 503, true)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalMeansTheSameWhoeverSaysIt(
      VendorWire wire, int theirs, String message, String code, int ours, boolean retryable) {
    if (theirs == 503 && wire.type().equals("anthropic")) {
      // This vendor says 529.
      return;
    }
    played.vendor(wire).fail(theirs, message + " " + FakeVendor.KEY);

    Sse answer = ask(wire);

    assertThat(answer.errorCode()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(ours);
    assertThat(answer.body().path("error").path("retryable").asBoolean()).isEqualTo(retryable);
    assertThat(answer.body().toString()).doesNotContain(FakeVendor.KEY);
    closeTheCircuit(wire);
  }

  @ParameterizedTest
  @MethodSource("wires")
  void tellsHowLongToWait(VendorWire wire) {
    played.vendor(wire).fail(429, "Slow.", "retry-after", "7");

    assertThat(ask(wire).body().path("error").path("retry_after_ms").asLong()).isEqualTo(7_000);
  }

  private static void assertWhole(Sse answer) {
    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(answer.joined("text")).isEqualTo("Grüße 🎻");
    assertThat(answer.last().data().path("finish_reason").asText()).isEqualTo("tool_use");
  }

  /** A good answer, so that the failures of one test are not counted with those of the next. */
  private static void closeTheCircuit(VendorWire wire) {
    played.vendor(wire).answer(ANSWER);
    assertWhole(ask(wire));
  }

  /** A stream with something between its events. */
  private static String with(VendorWire wire, String event) {
    List<String> events = new ArrayList<>(wire.events(ANSWER));
    events.add(events.size() / 2, event);
    return String.join("", events);
  }

  private static Sse askForWhole(VendorWire wire) {
    return askModel(wire, "-whole");
  }

  private static Sse ask(VendorWire wire) {
    return askModel(wire, "");
  }

  private static Sse askModel(VendorWire wire, String suffix) {
    return played.ensemble().client().stream(Requests.ofModel(wire.type() + suffix));
  }
}

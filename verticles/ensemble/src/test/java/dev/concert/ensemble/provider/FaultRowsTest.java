package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of each fault of a vendor: what the client sees, whether another provider is asked, and what is
 * charged. A provider "faulty" is preferred, "spare" serves the same model.
 */
class FaultRowsTest {
  private static final FakeAnswer ANSWER =
      FakeAnswer.text("Grüße ", "🎻").withCall("c", "bash", "{\"a\":1}");
  private static final FakeAnswer SPARE = FakeAnswer.text("from the spare");
  private static final Buffer KIB_64 = Buffer.buffer("x".repeat(64 * 1024));
  private static final int PIECES_OF_50_MB = 800;

  private static final FakeVendor SPARE_VENDOR = new FakeVendor(new ChatWire("xai"));
  private static final Map<String, FakeVendor> FAULTY = new HashMap<>();

  private final List<UsageReport> charged = new CopyOnWriteArrayList<>();
  private RunningEnsemble ensemble;

  /** Long, so that a busy machine does not look like a silent vendor. */
  private int stallSeconds = 60;

  @BeforeAll
  static void start() {
    SPARE_VENDOR.answer(SPARE);
    wires().forEach(wire -> FAULTY.put(wire.type(), new FakeVendor(wire)));
  }

  @AfterAll
  static void stopVendors() {
    FAULTY.values().forEach(FakeVendor::close);
    SPARE_VENDOR.close();
  }

  @AfterEach
  void stop() {
    ensemble.close();
  }

  static List<VendorWire> wires() {
    return VendorWires.all();
  }

  /** What a vendor does instead of answering, under a name. */
  private record Fault(String name, Consumer<FakeVendor> play, UnaryOperator<String> url) {
    Fault(String name, Consumer<FakeVendor> play) {
      this(name, play, url -> url);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Arguments> ofEveryWire(Fault... faults) {
    return wires().stream()
        .flatMap(wire -> Stream.of(faults).map(fault -> Arguments.of(wire, fault)));
  }

  private static Fault status(int status, String... headers) {
    return new Fault(status + String.join(" ", headers), to -> to.fail(status, "Played.", headers));
  }

  static Stream<Arguments> beforeTheFirstBlock() {
    return ofEveryWire(
        new Fault("refused", to -> {}, url -> url.replaceAll(":\\d+", ":1")),
        new Fault("no TLS", to -> {}, url -> url.replace("http:", "https:")),
        status(401),
        status(429),
        status(429, "retry-after", "1"),
        status(500),
        status(503),
        status(529),
        new Fault("HTML", to -> html(to, 200)),
        new Fault("HTML error", to -> html(to, 502)),
        new Fault("nothing", to -> to.stream(Buffer.buffer())),
        new Fault("nonsense", to -> to.stream(Buffer.buffer("data: {nonsense\n\n"))),
        new Fault("cut", to -> to.script((asked, answer) -> cut(answer, ""))),
        new Fault("50 MB event", to -> to.script((asked, answer) -> huge(answer, ""))));
  }

  @ParameterizedTest
  @MethodSource("beforeTheFirstBlock")
  void beforeTheFirstBlockAnotherProviderAnswersAndOnlyItIsPaid(VendorWire wire, Fault fault) {
    Sse answer = ask(wire, fault);

    assertThat(answer.joined("text")).isEqualTo("from the spare");
    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(answer.last().data().path("provider").asText()).isEqualTo("spare");
    assertThat(charged).extracting(UsageReport::provider).containsExactly("spare");
    assertThat(charged.getFirst().inputTokens()).isEqualTo(10);
    assertThat(charged.getFirst().outputTokens()).isEqualTo(5);
  }

  static Stream<Arguments> ofTheRequest() {
    return ofEveryWire(status(400), status(404), status(413));
  }

  @ParameterizedTest
  @MethodSource("ofTheRequest")
  void aFaultOfTheRequestIsToldAtOnceAndNothingIsPaid(VendorWire wire, Fault fault) {
    Sse answer = ask(wire, fault);

    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.body().path("error").path("retryable").asBoolean()).isFalse();
    assertThat(charged).isEmpty();
  }

  static Stream<Arguments> inTheMiddle() {
    return ofEveryWire(
        new Fault("cut", to -> to.script((asked, answer) -> cut(answer, begun(to.wire())))),
        new Fault("ended", to -> to.stream(Buffer.buffer(begun(to.wire())))),
        new Fault("nonsense", to -> to.stream(Buffer.buffer(begun(to.wire()) + "data: {no\n\n"))),
        new Fault("HTML", to -> to.stream(Buffer.buffer(begun(to.wire()) + "<html></html>\n\n"))),
        new Fault("overloaded", to -> to.stream(overloaded(to.wire()))),
        new Fault("50 MB", to -> to.script((asked, answer) -> huge(answer, begun(to.wire())))));
  }

  @ParameterizedTest
  @MethodSource("inTheMiddle")
  void inTheMiddleItIsAnErrorAskedNowhereElseAndWhatWasSaidIsPaid(VendorWire wire, Fault fault) {
    Sse answer = ask(wire, fault);

    assertThat(answer.joined("text")).isEqualTo("Grüße ");
    assertThat(answer.last().name()).isEqualTo("error");
    assertThat(answer.last().data().path("retryable").asBoolean()).isTrue();
    assertThat(charged).extracting(UsageReport::provider).containsExactly("faulty");
    assertThat(charged.getFirst().inputTokens()).isPositive();
    assertThat(charged.getFirst().outputTokens()).isPositive();
  }

  static Stream<Arguments> drips() {
    VendorWire wire = wires().getFirst();
    return Stream.of(
        Arguments.of(wire, new Fault("bytes", to -> to.script((a, answer) -> drip(answer, "x")))),
        Arguments.of(
            wire, new Fault("comments", to -> to.script((a, answer) -> drip(answer, ":\n\n")))));
  }

  /** A vendor that sends something all the time and says nothing is as silent as any other. */
  @ParameterizedTest
  @MethodSource("drips")
  void aSlowDripOfNothingIsLeftForAnotherProvider(VendorWire wire, Fault fault) {
    stallSeconds = 1;
    assertThat(ask(wire, fault).last().data().path("provider").asText()).isEqualTo("spare");
    assertThat(charged).extracting(UsageReport::provider).containsExactly("spare");
  }

  @ParameterizedTest
  @MethodSource("wires")
  void callsWithOneIdAreGivenTwo(VendorWire wire) {
    FakeAnswer twice = ANSWER.withCall("c", "bash", "{\"a\":2}");
    JsonNode blocks =
        ask(wire, new Fault("twice", to -> to.answer(twice))).last().data().path("blocks");

    List<JsonNode> calls = new ArrayList<>();
    blocks.forEach(block -> calls.add(block.path("tool_call")));
    calls.removeIf(JsonNode::isMissingNode);
    assertThat(calls).hasSize(2);
    assertThat(calls).extracting(call -> call.path("id").asText()).doesNotHaveDuplicates();
    assertThat(calls)
        .extracting(call -> call.path("arguments").path("a").asInt())
        .containsExactly(1, 2);
  }

  static Stream<VendorWire> withArgumentsAsText() {
    return wires().stream().filter(wire -> !wire.type().equals("gemini"));
  }

  @ParameterizedTest
  @MethodSource("withArgumentsAsText")
  void argumentsThatAreNoJsonAreShownAsTheyAreAndNeverMended(VendorWire wire) {
    FakeAnswer broken = FakeAnswer.text("w").withCall("c", "bash", "{\"a\":");
    JsonNode blocks =
        ask(wire, new Fault("broken", to -> to.answer(broken))).last().data().path("blocks");

    JsonNode call = blocks.path(blocks.size() - 1).path("tool_call");
    assertThat(call.path("arguments").isNull()).as(call.toString()).isTrue();
    assertThat(call.path("raw_arguments").asText()).isEqualTo("{\"a\":");
  }

  @ParameterizedTest
  @MethodSource("wires")
  void whatIsNotCountedIsEstimatedAndPaid(VendorWire wire) {
    String uncounted =
        String.join("", wire.events(ANSWER))
            .replaceAll("\"(usage|usageMetadata)\":", "\"uncounted\":");
    Sse answer = ask(wire, new Fault("uncounted", to -> to.stream(Buffer.buffer(uncounted))));

    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(charged).extracting(UsageReport::provider).containsExactly("faulty");
    assertThat(charged.getFirst().inputTokens()).isPositive();
    assertThat(charged.getFirst().outputTokens()).isPositive();
  }

  private Sse ask(VendorWire wire, Fault fault) {
    FakeVendor faulty = FAULTY.get(wire.type());
    fault.play().accept(faulty);
    JsonArray providers =
        new JsonArray()
            .add(provider("faulty", wire, fault.url().apply(faulty.url())))
            .add(provider("spare", SPARE_VENDOR.wire(), SPARE_VENDOR.url()));
    JsonObject config =
        new JsonObject()
            .put("ensemble", new JsonObject().put("retrySeconds", 0).put("providers", providers));
    ensemble =
        new RunningEnsemble(EnsembleOptions.from(config, Map.of("PLAYED_KEY", FakeVendor.KEY)));
    ensemble
        .bus()
        .serve(
            Addresses.REPORT_USAGE,
            report -> {
              charged.add(report);
              return Future.succeededFuture(Accepted.ACCEPTED);
            });
    return ensemble.client(ensemble.open("instance-1").token()).stream(Requests.ofModel("m"));
  }

  private JsonObject provider(String name, VendorWire wire, String url) {
    return new JsonObject()
        .put("name", name)
        .put("type", wire.type())
        .put("baseUrl", url)
        .put("apiKeyEnv", "PLAYED_KEY")
        .put(
            "models",
            new JsonArray()
                .add(new JsonObject().put("id", "m").put("stallTimeoutSeconds", stallSeconds)));
  }

  /** The events of an answer until its first text was said. */
  private static String begun(VendorWire wire) {
    List<String> events = wire.events(ANSWER);
    int first = 0;
    while (!events.get(first).contains("Grüße")) {
      first++;
    }
    return String.join("", events.subList(0, first + 1));
  }

  private static Buffer overloaded(VendorWire wire) {
    return Buffer.buffer(begun(wire) + wire.overloadedEvent());
  }

  private static void html(FakeVendor vendor, int status) {
    vendor.script(
        (asked, to) ->
            to.setStatusCode(status)
                .putHeader("content-type", "text/html")
                .end("<!doctype html><h1>Bad Gateway</h1>"));
  }

  private static void cut(HttpServerResponse answer, String before) {
    FakeVendor.begin(answer).write(before + "data: {\"ty").onComplete(sent -> answer.reset());
  }

  /** One event of 50 MB, as fast as it is taken. */
  private static void huge(HttpServerResponse answer, String before) {
    FakeVendor.begin(answer).write(before + "data: {\"text\":\"");
    piece(answer, 0);
  }

  private static void piece(HttpServerResponse answer, int sent) {
    if (sent == PIECES_OF_50_MB) {
      answer.end("\"}\n\n");
    } else if (!answer.closed()) {
      answer.write(KIB_64.copy()).onSuccess(written -> piece(answer, sent + 1));
    }
  }

  private static void drip(HttpServerResponse answer, String drop) {
    FakeVendor.begin(answer);
    dripOn(answer, drop, 40);
  }

  private static void dripOn(HttpServerResponse answer, String drop, int left) {
    if (left > 0 && !answer.closed()) {
      answer.write(drop);
      Vertx.currentContext().owner().setTimer(50, timer -> dripOn(answer, drop, left - 1));
    }
  }
}

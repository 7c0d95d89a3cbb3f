package dev.concert.ensemble.socket;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Addresses;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many calls over one connection. */
class SocketTest {
  private static final Duration SOON = Duration.ofMinutes(1);

  /** Longer than any of these tests lets a call wait. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private static final String END = data(text("end"), finish("stop"), usage(10, 0, 2), "[DONE]");

  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble =
      new RunningEnsemble(Upstream.options(upstream.url(), TIMEOUT));
  private final List<Wire> wires = new ArrayList<>();

  /** Answers that have begun and wait for the test to end them. */
  private final List<HttpServerResponse> waiting = new CopyOnWriteArrayList<>();

  private final AtomicInteger gone = new AtomicInteger();

  @AfterEach
  void stop() {
    wires.forEach(Wire::close);
    ensemble.close();
    upstream.close();
  }

  private Wire connect(Optional<String> key) {
    Wire wire = new Wire(ensemble.port(), key);
    wires.add(wire);
    return wire;
  }

  private Wire connect() {
    return connect(Optional.of(RunningEnsemble.KEY));
  }

  private void upstreamWaits() {
    upstream.script(
        response -> {
          response.closeHandler(closed -> gone.incrementAndGet());
          Upstream.begin(response).write(data(text("begun")));
          waiting.add(response);
        });
  }

  private static void assertError(JsonNode message, String id, String code) {
    assertThat(message.path("type").asText()).isEqualTo("error");
    assertThat(message.path("request_id").asText("")).isEqualTo(id);
    assertThat(message.path("error").path("code").asText()).isEqualTo(code);
  }

  @Test
  void callsAtOnceAreToldApartByTheirIds() {
    upstreamWaits();
    Wire wire = connect().ask("one").ask("two");
    assertThat(List.of(wire.next("block"), wire.next("block")))
        .extracting(block -> block.path("request_id").asText())
        .containsExactlyInAnyOrder("one", "two");

    waiting.get(1).end(END);
    String first = wire.next("done").path("request_id").asText();
    waiting.get(0).end(END);
    JsonNode second = wire.next("done");

    assertThat(List.of(first, second.path("request_id").asText()))
        .containsExactlyInAnyOrder("one", "two");
    assertThat(second.path("response").path("id")).isEqualTo(second.path("request_id"));
    assertThat(second.path("response").path("finish_reason").asText()).isEqualTo("end_turn");
    assertThat(second.path("response").path("blocks").path(0).path("text").asText())
        .isEqualTo("begunend");
    assertThat(second.path("response").path("input_tokens").asInt()).isEqualTo(10);
  }

  @Test
  void aKeyMayComeInTheFirstMessage() {
    upstream.events(END);
    Wire wire = connect(Optional.empty()).ask("early");
    assertError(wire.next(), "early", "UNAUTHENTICATED");

    wire.say("{'type':'auth','api_key':'" + RunningEnsemble.KEY + "'}");
    assertThat(wire.next().path("type").asText()).isEqualTo("authenticated");

    assertThat(wire.ask("one").next("done").path("request_id").asText()).isEqualTo("one");
  }

  @Test
  void aWrongKeyOpensNothing() {
    assertThatThrownBy(() -> connect(Optional.of("wrong"))).hasMessageContaining("401");

    Wire wire = connect(Optional.empty()).say("{'type':'auth','api_key':'wrong'}");
    assertError(wire.next(), "", "AUTH_FAILED");
    Await.until(wire::isClosed);
    assertThat(wire.closeCode()).isEqualTo((short) 1008);
  }

  @Test
  void aWithdrawnKeyMakesNoMoreCalls() {
    upstream.events(END);
    Wire wire = connect(Optional.of(ensemble.open("instance-1").token()));
    wire.ask("one").next("done");

    RunningEnsemble.await(
        ensemble.bus().request(Addresses.CLOSE_ACCESS, new CloseAccess("instance-1"), SOON));

    assertError(wire.ask("two").next(), "two", "AUTH_FAILED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{nonsense | '' | INVALID_JSON",
        "[] | '' | INVALID_JSON",
        "{'type':'sing'} | '' | INVALID_MESSAGE",
        "{'type':'request','model':'real'} | '' | INVALID_MESSAGE",
        "{'type':'request','request_id':'a b'} | '' | INVALID_MESSAGE",
        "{'type':'request','request_id':'a','model':'real'} | a | INVALID_MESSAGE",
        "{'type':'request','request_id':'a','model':'none','messages':[{'role':'user','content':'x'}]}"
            + " | a | MODEL_UNKNOWN",
      })
  void aBadMessageIsToldAndEndsNothing(String message, String id, String code) {
    upstream.events(END);
    Wire wire = connect().say(message);

    assertError(wire.next(), id, code);
    assertThat(wire.say("{'type':'ping'}").next().path("type").asText()).isEqualTo("pong");
    wire.ask("a").next("done");
  }

  @Test
  void aMessageOverTheLimitClosesItsConnectionAndNoOther() {
    upstream.events(END);
    Wire other = connect();
    Wire wire = connect();

    wire.say("x".repeat(HttpServerConfig.BODY_LIMIT + 1));

    Await.until(wire::isClosed);
    assertThat(wire.closeCode()).isEqualTo((short) 1009);
    other.ask("one").next("done");
    assertThat(upstream.bodies).hasSize(1);
  }

  @Test
  void anIdIsUsedOnceAtATimeAndOnlySoManyCallsAreUnderWay() {
    upstreamWaits();
    Wire wire = connect();
    for (int i = 0; i < SocketConnection.MOST_CALLS; i++) {
      wire.ask("call-" + i);
    }
    assertError(wire.ask("call-7").next("error"), "call-7", "INVALID_MESSAGE");
    assertError(wire.ask("more").next("error"), "more", "RATE_LIMITED");

    Await.until(() -> waiting.size() == SocketConnection.MOST_CALLS);
    waiting.forEach(response -> response.end(END));
    for (int i = 0; i < SocketConnection.MOST_CALLS; i++) {
      wire.next("done");
    }
  }

  @Test
  void aCancelledCallEndsAtTheProviderAndSaysNothingMore() {
    upstreamWaits();
    Wire wire = connect().ask("one");
    wire.next("block");

    wire.say("{'type':'cancel','request_id':'one'}");

    assertThat(wire.next().path("type").asText()).isEqualTo("cancelled");
    Await.until(() -> gone.get() == 1);
    upstream.events(END);
    wire.ask("one").next("done");
    assertThat(wire.heard()).isEmpty();
  }

  /** Some megabytes are read beside the event loop; what was said after them waits. */
  @Test
  void aMessageStaysBehindALargeOneThatCameBefore() {
    upstreamWaits();
    Wire wire = connect();

    wire.say(
        "{'type':'request','request_id':'large','model':'real','messages':[{'role':'user','content':'%s'}]}"
            .formatted("x".repeat(200 * 1024) + " y".repeat(50 * 1024)));
    wire.say("{'type':'cancel','request_id':'large'}").say("{'type':'ping'}");

    assertThat(wire.next().path("type").asText()).isEqualTo("cancelled");
    assertThat(wire.next().path("type").asText()).isEqualTo("pong");
    assertThat(wire.heard()).isEmpty();
  }

  @Test
  void aClientThatHangsUpEndsItsCalls() {
    upstreamWaits();
    Wire wire = connect().ask("one").ask("two");
    wire.next("block");
    wire.next("block");

    wire.hangUp();

    Await.until(() -> gone.get() == 2);
  }

  @Test
  void aFailureInTheMiddleIsAnError() {
    upstream.events(data(text("half")));

    assertError(connect().ask("one").next("error"), "one", "PROVIDER_FAILED");
  }

  @Test
  void aClientThatReadsNothingHoldsOnlyItselfBack() {
    String piece = data(text("x".repeat(64 * 1024)));
    AtomicInteger sent = new AtomicInteger();
    upstream.script(response -> pump(Upstream.begin(response), piece, sent));
    Wire slow = connect();
    slow.readNothing();
    slow.ask("slow");
    Await.until(() -> sent.get() > 0);
    upstream.events(END);

    Wire fast = connect();
    for (int i = 0; i < 20; i++) {
      fast.ask("fast-" + i).next("done");
    }

    // Socket buffers and our write queue; the whole answer is 128 MB.
    assertThat(sent.get()).isLessThan(700);
  }

  private static void pump(HttpServerResponse response, String piece, AtomicInteger sent) {
    while (!response.writeQueueFull() && sent.get() < 2_000) {
      response.write(piece);
      sent.incrementAndGet();
    }
    response.drainHandler(drained -> pump(response, piece, sent));
  }
}

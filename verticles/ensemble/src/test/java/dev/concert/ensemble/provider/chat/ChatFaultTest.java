package dev.concert.ensemble.provider.chat;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.delta;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.RawUpstream;
import dev.concert.testing.log.ExpectedLog;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees when a provider misbehaves: always an error, never a normal end. */
@ExpectedLog(
    logger = "io.vertx.core.net.impl.ConnectionBase",
    message = "invalid version format: SSH",
    required = false)
class ChatFaultTest {
  private Upstream upstream;
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    upstream = new Upstream();
    ensemble = new RunningEnsemble(upstream.shortTimeoutOptions());
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private Sse stream() {
    return ensemble.client().stream(Requests.REAL);
  }

  static Stream<Arguments> refusals() {
    String error = "{\"error\":{\"message\":\"because\",\"type\":\"t\",\"code\":\"c\"}}";
    return Stream.of(
        Arguments.of(401, "application/json", error, 502, "PROVIDER_AUTH", false),
        Arguments.of(403, "application/json", error, 502, "PROVIDER_AUTH", false),
        Arguments.of(404, "application/json", error, 404, "MODEL_UNKNOWN", false),
        Arguments.of(400, "application/json", error, 400, "PROVIDER_REJECTED", false),
        Arguments.of(
            422, "application/json", "{\"message\":\"because\"}", 400, "PROVIDER_REJECTED", false),
        Arguments.of(429, "application/json", error, 429, "PROVIDER_RATE_LIMITED", true),
        Arguments.of(500, "application/json", error, 502, "PROVIDER_FAILED", true),
        Arguments.of(503, "text/html", "<html>busy</html>", 503, "PROVIDER_OVERLOADED", true),
        Arguments.of(529, "application/json", "", 503, "PROVIDER_OVERLOADED", true),
        Arguments.of(302, "text/plain", "", 502, "PROVIDER_FAILED", true),
        Arguments.of(200, "text/html", "<html>log in</html>", 502, "PROVIDER_FAILED", true),
        Arguments.of(200, "application/json", "{}", 502, "PROVIDER_FAILED", true));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void isAnHttpErrorBeforeTheFirstBlock(
      int theirs, String type, String body, int ours, String code, boolean retryable) {
    upstream.status(theirs, type, body);

    Sse answer = stream();

    assertThat(answer.status()).isEqualTo(ours);
    assertThat(answer.errorCode()).isEqualTo(code);
    assertThat(answer.body().path("error").path("retryable").asBoolean()).isEqualTo(retryable);
    assertThat(answer.body().toString()).doesNotContain("<html>");
  }

  @Test
  void tellsHowLongToWaitWhenTheProviderSaysSo() {
    upstream.status(429, "application/json", "{}", "retry-after", "7");

    var response = ensemble.client().post("/api/v1/stream", Requests.REAL);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after")).contains("7");
    assertThat(response.body()).contains("\"retry_after_ms\":7000");
  }

  @Test
  void tellsWhyARequestWasRefusedButNeverTheKey() {
    upstream.status(
        400, "application/json", "{\"error\":{\"message\":\"bad key " + Upstream.KEY + " here\"}}");

    assertThat(stream().body().path("error").path("message").asText())
        .contains("bad key *** here")
        .doesNotContain(Upstream.KEY);
  }

  /** Also where the sentence is cut off in the middle of the key. */
  @ParameterizedTest
  @ValueSource(ints = {0, 430, 440, 450, 460, 470, 480, 490})
  void anErrorInTheMiddleOfAStreamNamesNoKeyEither(int before) {
    upstream.events(
        data(
            text("half"),
            "{\"error\":{\"message\":\"%s bad key %s here\"}}"
                .formatted("x".repeat(before), Upstream.KEY)));

    assertThat(stream().last().data().path("message").asText())
        .startsWith("The provider 'scripted' ended the stream with an error: ")
        .doesNotContain(Upstream.KEY.substring(0, 11));
  }

  static Stream<Arguments> brokenStreams() {
    return Stream.of(
        Arguments.of("no end mark and no finish reason", data(text("half"))),
        Arguments.of("end mark without a finish reason", data(text("half"), "[DONE]")),
        Arguments.of("nothing at all", ""),
        Arguments.of("cut in the middle of an event", data(text("half")) + "data: {\"choi"),
        Arguments.of("malformed JSON", data(text("half"), "{nonsense", finish("stop"), "[DONE]")),
        Arguments.of(
            "JSON of another shape", data(text("half"), "[1,2]", finish("stop"), "[DONE]")),
        Arguments.of(
            "an error event", data(text("half"), "{\"error\":{\"message\":\"overloaded\"}}")),
        Arguments.of("an unknown finish reason", data(text("half"), finish("error"), "[DONE]")),
        Arguments.of(
            "tool calls that are none", data(text("half"), finish("tool_calls"), "[DONE]")),
        Arguments.of(
            "a tool call without a name",
            data(
                delta(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}]}"),
                finish("tool_calls"),
                "[DONE]")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenStreams")
  void isAnErrorAndNoNormalEndWhenTheStreamIs(String what, String body) {
    upstream.events(body.isEmpty() ? ": nothing\n\n" : body);

    Sse answer = stream();

    assertThat(answer.errorCode()).isEqualTo("PROVIDER_FAILED");
    assertThat(answer.events()).noneMatch(event -> event.name().equals("done"));
  }

  @Test
  void isAnErrorAfterTheBlocksThatCame() {
    upstream.events(data(text("half")));

    Sse answer = stream();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.joined("text")).isEqualTo("half");
    assertThat(answer.last().name()).isEqualTo("error");
    assertThat(answer.last().data().path("retryable").asBoolean()).isTrue();
  }

  @Test
  void isAnErrorWhenTheConnectionIsCutEvenAfterAFinishReason() {
    List<String> pieces =
        List.of(RawUpstream.HEAD, RawUpstream.chunk(data(text("x"), finish("stop"))));
    try (RawUpstream raw = new RawUpstream(pieces, true);
        RunningEnsemble other = new RunningEnsemble(raw.options())) {
      assertThat(other.client().stream(Requests.REAL).errorCode()).isEqualTo("PROVIDER_FAILED");
    }
  }

  @Test
  void isAnErrorWhenNobodyListensThere() {
    Upstream gone = new Upstream();
    ProviderOptions options = gone.options();
    gone.close();
    try (RunningEnsemble other = new RunningEnsemble(options)) {
      Sse answer = other.client().stream(Requests.REAL);
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.errorCode()).isEqualTo("PROVIDER_FAILED");
    }
  }

  @Test
  void isAnErrorWhenItIsNoHttp() {
    try (RawUpstream raw = new RawUpstream(List.of("SSH-2.0-OpenSSH_9.9\r\n"), true);
        RunningEnsemble other = new RunningEnsemble(raw.options())) {
      assertThat(other.client().stream(Requests.REAL).errorCode()).isEqualTo("PROVIDER_FAILED");
    }
  }

  @Test
  void endsASilenceBeforeTheFirstBlock() {
    upstream.script(response -> {});

    Sse answer = stream();

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.errorCode()).isEqualTo("TIMEOUT");
  }

  @Test
  void endsASilenceInTheMiddleEvenIfTheServerSendsComments() {
    upstream.script(
        response -> {
          Upstream.begin(response).write(data(text("half")));
          response.write(": still there\n\n");
        });

    Sse answer = stream();

    assertThat(answer.joined("text")).isEqualTo("half");
    assertThat(answer.last().data().path("code").asText()).isEqualTo("TIMEOUT");
  }

  @Test
  void endsAnAnswerThatGoesOnForTooLongThoughItIsNeverSilent() {
    ServedModel shortTimeout = Upstream.model(Duration.ofSeconds(5), Duration.ofSeconds(1));
    upstream.slowly(50, Collections.nCopies(200, data(text("on "))), "");
    try (RunningEnsemble other =
        new RunningEnsemble(Upstream.options(upstream.url(), shortTimeout))) {
      Sse answer = other.client().stream(Requests.REAL);

      assertThat(answer.joined("text")).startsWith("on on ");
      assertThat(answer.last().data().path("code").asText()).isEqualTo("TIMEOUT");
      assertThat(answer.last().data().path("message").asText())
          .contains("did not finish within 1 s");
    }
  }

  @Test
  void readsStreamsThatAreOddButWhole() {
    String odd =
        ": a comment\r\n"
            + "id: 1\r\n"
            + "event: message\r\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":\r\n"
            + "data: {\"content\":\"Grüße 🎻\"}}]}\r\n\r\n"
            + "data:"
            + finish("stop")
            + "\r\n\r\ndata:[DONE]\r\n\r\n";
    upstream.events(odd);

    Sse answer = stream();

    JsonNode done = answer.last().data();
    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(done.path("blocks").path(0).path("text").asText()).isEqualTo("Grüße 🎻");
  }
}

package dev.concert.ensemble.guardrail;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.guardrail.GuardrailOptions.Moment;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guardrails that ask a service in LiteLLM's generic form. */
class GuardrailServiceTest {
  private static final String LOGGER = "dev.concert.ensemble.guardrail.ServiceGuardrail";
  private static final String KEY = "the-key-of-the-service";

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<JsonObject> questions = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> keys = new LinkedBlockingQueue<>();
  private volatile String verdict = "{\"action\":\"NONE\"}";
  private Upstream upstream;
  private HttpServer service;
  private Optional<RunningEnsemble> ensemble = Optional.empty();

  @BeforeEach
  void start() {
    upstream = new Upstream();
    upstream.events(data(text("The answer "), text("of bob."), finish("stop"), "[DONE]"));
    service =
        RunningEnsemble.await(
            vertx.createHttpServer().requestHandler(this::judge).listen(0, "127.0.0.1"));
  }

  private void judge(HttpServerRequest request) {
    keys.add(String.valueOf(request.getHeader("x-api-key")));
    request
        .body()
        .onSuccess(
            body -> {
              questions.add(body.toJsonObject().put("path", request.path()));
              // Without a verdict it says nothing at all.
              if (!verdict.isEmpty()) {
                request.response().end(verdict);
              }
            });
  }

  @AfterEach
  void stop() {
    ensemble.ifPresent(RunningEnsemble::close);
    upstream.close();
    RunningEnsemble.await(vertx.close());
  }

  private void serve(boolean passesWithout, Moment... moments) {
    Duration timeout = verdict.isEmpty() ? Duration.ofMillis(200) : Duration.ofMinutes(1);
    GuardrailOptions options =
        new GuardrailOptions(
            "policy",
            EnumSet.copyOf(List.of(moments)),
            new GuardrailOptions.Service(
                URI.create("http://127.0.0.1:" + service.actualPort() + "/"),
                Optional.of(KEY),
                timeout,
                passesWithout,
                OutboundProxies.NONE));
    ensemble =
        Optional.of(
            new RunningEnsemble(
                new EnsembleOptions(
                        "127.0.0.1",
                        0,
                        Optional.empty(),
                        List.of(RunningEnsemble.KEY),
                        List.of(upstream.options()),
                        Duration.ZERO)
                    .withGuardrails(List.of(options))));
  }

  private HttpResponse<String> ask(boolean streamed) {
    return ensemble
        .orElseThrow()
        .client()
        .post(
            "/v1/chat/completions",
            "{\"model\":\"real\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Who is ada?\"}]}"
                .formatted(streamed));
  }

  @Test
  void itSeesTheRequestAndThenTheAnswerOfOneCall() throws Exception {
    serve(false, Moment.REQUEST, Moment.ANSWER);

    assertThat(ask(true).body()).contains("The answer of bob.");

    JsonObject request = questions.take();
    JsonObject answer = questions.take();
    assertThat(request.getString("path")).isEqualTo("/beta/litellm_basic_guardrail_api");
    assertThat(request.getString("input_type")).isEqualTo("request");
    assertThat(request.getJsonArray("texts")).containsExactly("Who is ada?");
    assertThat(answer.getString("input_type")).isEqualTo("response");
    assertThat(answer.getJsonArray("texts")).containsExactly("The answer of bob.");
    assertThat(answer.getString("litellm_call_id")).isEqualTo(request.getString("litellm_call_id"));
    assertThat(keys).containsOnly(KEY);
  }

  @Test
  void whatItChangesIsAskedAndAnswered() throws Exception {
    verdict = "{\"action\":\"GUARDRAIL_INTERVENED\",\"texts\":[\"Somebody.\"]}";
    serve(false, Moment.REQUEST, Moment.ANSWER);

    assertThat(ask(false).body()).contains("\"Somebody.\"").doesNotContain("bob");
    assertThat(upstream.bodies.take()).contains("Somebody.").doesNotContain("ada");
  }

  @Test
  void whatItStopsIsNotAskedAndNotAnswered() {
    verdict = "{\"action\":\"BLOCKED\",\"blocked_reason\":\"no names\"}";
    serve(false, Moment.ANSWER);

    assertThat(ask(true).body())
        .contains("The guardrail 'policy' does not let this pass: no names")
        .doesNotContain("bob");
    ensemble.ifPresent(RunningEnsemble::close);
    upstream.bodies.clear();
    serve(false, Moment.REQUEST);
    assertThat(ask(false).statusCode()).isEqualTo(400);
    assertThat(upstream.bodies).isEmpty();
  }

  @Test
  @ExpectedLog(logger = LOGGER, message = "policy cannot be asked, so its texts are stopped")
  @ExpectedLog(logger = LOGGER, message = "policy cannot be asked, so its texts pass")
  void withoutAnAnswerNothingPassesOrEverythingAsTheOperatorWants() {
    verdict = "";
    serve(false, Moment.REQUEST);
    HttpResponse<String> refused = ask(false);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body())
        .contains("The guardrail 'policy' cannot be asked")
        .doesNotContain(KEY);
    ensemble.ifPresent(RunningEnsemble::close);
    serve(true, Moment.REQUEST);
    assertThat(ask(false).body()).contains("The answer of bob.");
  }

  @Test
  @ExpectedLog(logger = LOGGER, message = "policy cannot be asked")
  void anAnswerThatIsNoneIsNoPermission() {
    serve(false, Moment.REQUEST);
    for (String useless : List.of("no JSON", "{}", "[]", "{\"action\":7}")) {
      verdict = useless;
      assertThat(ask(false).statusCode()).as(useless).isEqualTo(503);
    }
    verdict = "{\"action\":\"GUARDRAIL_INTERVENED\",\"texts\":[]}";
    assertThat(ask(false).statusCode()).isEqualTo(400);
    assertThat(upstream.bodies).isEmpty();
  }
}

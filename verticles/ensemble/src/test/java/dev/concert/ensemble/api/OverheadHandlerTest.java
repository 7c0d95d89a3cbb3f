package dev.concert.ensemble.api;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every reply says of itself. */
class OverheadHandlerTest {
  private static final String BODY =
      "{\"model\":\"real\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble =
      new RunningEnsemble(Upstream.options(upstream.url(), Duration.ofSeconds(20)));

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/stream", "/api/v1/generate", "/v1/chat/completions", "/v1/messages"})
  void whatTheProviderTookIsNotCounted(String path) {
    upstream.script(
        response ->
            CompletableFuture.delayedExecutor(900, TimeUnit.MILLISECONDS)
                .execute(
                    () ->
                        Upstream.begin(response)
                            .end(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"))));

    HttpResponse<String> answer = ensemble.client().post(path, BODY);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(overheadMs(answer)).isBetween(0.0, 800.0);
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/stream",
        "/api/v1/generate",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/messages"
      })
  void everyFormExplainsItsRoutingAndNamesItsOverhead(String path) {
    upstream.events(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"));
    String body =
        path.equals("/v1/responses")
            ? BODY.replace("messages", "input").replace("max_tokens", "max_output_tokens")
            : BODY;

    for (boolean stream : new boolean[] {false, true}) {
      HttpResponse<String> answer =
          ensemble
              .client()
              .post(path, stream ? body.replace("{\"model\"", "{\"stream\":true,\"model\"") : body);

      assertThat(answer.headers().firstValue("x-ensemble-routing"))
          .contains(
              "endpoint=scripted; reason=only_endpoint; attempts=1; cache_value=0; cost_penalty=0");
      assertThat(overheadMs(answer)).isNotNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/generate", "/v1/chat/completions", "/v1/messages"})
  void anAnswerInOnePieceNamesItsCost(String path) {
    upstream.events(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"));

    assertThat(ensemble.client().post(path, BODY).headers().firstValue("x-ensemble-cost"))
        .contains("0.000297");
  }

  @Test
  void aStreamNamesItsCostBehindItsEnd() {
    upstream.events(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"));

    String raw = RawExchange.post(ensemble.port(), "/v1/chat/completions", streaming());

    assertThat(raw).contains("data: [DONE]").endsWith("\r\n0\r\nx-ensemble-cost: 0.000297\r\n\r\n");
  }

  @Test
  void repliesThatAreNoAnswerNameIt() {
    assertThat(overheadMs(ensemble.client().get("/api/v1/health"))).isNotNegative();
    assertThat(overheadMs(ensemble.client("wrong").get("/api/v1/models"))).isNotNegative();
    assertThat(overheadMs(ensemble.client().get("/nowhere"))).isNotNegative();
  }

  private static String streaming() {
    return BODY.replace("{\"model\"", "{\"stream\":true,\"model\"");
  }

  private static double overheadMs(HttpResponse<String> reply) {
    return Double.parseDouble(reply.headers().firstValue("x-ensemble-overhead-ms").orElseThrow());
  }
}

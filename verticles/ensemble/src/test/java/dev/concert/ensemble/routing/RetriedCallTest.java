package dev.concert.ensemble.routing;

import static dev.concert.ensemble.provider.chat.Upstream.begin;
import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call to a model that has one endpoint, whose failures pass by themselves. */
class RetriedCallTest {
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private void start(int retrySeconds) {
    JsonObject provider =
        new JsonObject()
            .put("name", "one")
            .put("type", "openai-compatible")
            .put("baseUrl", upstream.url())
            .put("apiKeyEnv", "SCRIPTED_KEY")
            .put("models", new JsonArray().add(new JsonObject().put("id", "real")));
    JsonObject config =
        new JsonObject()
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put("retrySeconds", retrySeconds)
            .put("providers", new JsonArray().add(provider));
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(
                new JsonObject().put("ensemble", config), Map.of("SCRIPTED_KEY", Upstream.KEY)));
  }

  /** The first answers fail, the others are whole. */
  private void fails(int times, Consumer<HttpServerResponse> failure) {
    AtomicInteger asked = new AtomicInteger();
    upstream.script(
        response -> {
          if (asked.incrementAndGet() <= times) {
            failure.accept(response);
          } else {
            begin(response).end(data(text("here"), finish("stop"), usage(10, 0, 2), "[DONE]"));
          }
        });
  }

  private HttpResponse<String> ask() {
    return ensemble.client().post("/api/v1/generate", Requests.ofModel("real"));
  }

  enum Passing {
    RATE_LIMITED(to -> to.setStatusCode(429).putHeader("retry-after", "1").end("{}")),
    UNAVAILABLE(to -> to.setStatusCode(503).end("{}")),
    OVERLOADED(to -> to.setStatusCode(529).end("{}")),
    CUT_BEFORE_THE_FIRST_WORD(to -> begin(to).write(": \n\n").onSuccess(sent -> to.reset()));

    private final Consumer<HttpServerResponse> failure;

    Passing(Consumer<HttpServerResponse> failure) {
      this.failure = failure;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatPassesIsNotSeenByTheClient(Passing passing) {
    start(60);
    fails(2, passing.failure);

    HttpResponse<String> answer = ask();

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(EnsembleClient.json(answer.body()).at("/routing/attempts").asInt()).isEqualTo(3);
    assertThat(upstream.bodies).hasSize(3);
  }

  @Test
  void aWaitThatIsLongerThanThePatienceIsLeftToTheClient() {
    start(60);
    fails(1, to -> to.setStatusCode(429).putHeader("retry-after", "90").end("{}"));

    HttpResponse<String> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("retry-after")).contains("90");
    assertThat(upstream.bodies).hasSize(1);
  }

  @Test
  void whereTheFailureStaysTheClientHearsOfItInTheEnd() {
    start(1);
    fails(9, to -> to.setStatusCode(529).end("{}"));

    assertThat(ask().body()).contains("PROVIDER_OVERLOADED");
    assertThat(upstream.bodies).hasSize(2);
  }

  @Test
  void aRequestThatIsWrongIsAskedOnce() {
    start(60);
    fails(1, to -> to.setStatusCode(400).end("{}"));

    assertThat(ask().statusCode()).isEqualTo(400);
    assertThat(upstream.bodies).hasSize(1);
  }
}

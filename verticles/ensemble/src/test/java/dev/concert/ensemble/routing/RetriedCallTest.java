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
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call to a model that has one endpoint, whose failures pass by themselves. */
class RetriedCallTest {
  private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
  private final Upstream upstream = upstream("real");
  private RunningEnsemble ensemble;

  @AfterEach
  void stop() {
    ensemble.close();
    upstreams.values().forEach(Upstream::close);
  }

  /** The only endpoint of a model. */
  private Upstream upstream(String model) {
    return upstreams.computeIfAbsent(model, _ -> new Upstream());
  }

  private void start(int retrySeconds) {
    JsonArray providers = new JsonArray();
    upstreams.forEach(
        (model, at) ->
            providers.add(
                new JsonObject()
                    .put("name", "of-" + model)
                    .put("type", "openai-compatible")
                    .put("baseUrl", at.url())
                    .put("apiKeyEnv", "SCRIPTED_KEY")
                    .put("models", new JsonArray().add(new JsonObject().put("id", model)))));
    JsonObject config =
        new JsonObject()
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put("retrySeconds", retrySeconds)
            .put("providers", providers);
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(
                new JsonObject().put("ensemble", config), Map.of("SCRIPTED_KEY", Upstream.KEY)));
  }

  /** The first answers fail, the others are whole. */
  private void fails(int times, Consumer<HttpServerResponse> failure) {
    fails(upstream, times, failure);
  }

  private static void fails(Upstream at, int times, Consumer<HttpServerResponse> failure) {
    AtomicInteger asked = new AtomicInteger();
    at.script(
        response -> {
          if (asked.incrementAndGet() <= times) {
            failure.accept(response);
          } else {
            begin(response).end(data(text("here"), finish("stop"), usage(10, 0, 2), "[DONE]"));
          }
        });
  }

  private HttpResponse<String> ask() {
    return ask("real");
  }

  private HttpResponse<String> ask(String model) {
    return ensemble.client().post("/api/v1/generate", Requests.ofModel(model));
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

  /** All at once, since each waits. */
  @Test
  void aFailureThatPassesIsNotSeenByTheClient() {
    for (Passing passing : Passing.values()) {
      fails(upstream(passing.name()), 2, passing.failure);
    }
    start(60);

    Map<Passing, Future<HttpResponse<String>>> answers = new EnumMap<>(Passing.class);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Passing passing : Passing.values()) {
        answers.put(passing, threads.submit(() -> ask(passing.name())));
      }
    }

    answers.forEach(
        (passing, future) -> {
          HttpResponse<String> answer = future.resultNow();
          assertThat(answer.statusCode()).as("%s: %s", passing, answer.body()).isEqualTo(200);
          assertThat(EnsembleClient.json(answer.body()).at("/routing/attempts").asInt())
              .as(passing.name())
              .isEqualTo(3);
          assertThat(upstream(passing.name()).bodies).as(passing.name()).hasSize(3);
        });
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

  @Test
  void aProviderThatAsksForNoPauseToSpeakOfIsNotFlooded() {
    start(2);
    fails(9_999, to -> to.setStatusCode(429).putHeader("retry-after-ms", "1").end("{}"));

    assertThat(ask().statusCode()).isEqualTo(429);
    assertThat(upstream.bodies).hasSizeLessThanOrEqualTo(3);
  }
}

package dev.concert.ensemble;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Other providers, models and prices while Ensemble runs. */
class ReloadTest {
  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble = new RunningEnsemble(options("real", "3"));

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private EnsembleOptions options(String model, String price) {
    JsonObject served =
        new JsonObject()
            .put("id", model)
            .put("inputPrice", price)
            .put("outputPrice", "0")
            .put("stallTimeoutSeconds", 20);
    JsonObject provider =
        new JsonObject()
            .put("name", "scripted")
            .put("type", "openai-compatible")
            .put("baseUrl", upstream.url())
            .put("models", new JsonArray().add(served));
    return EnsembleOptions.from(
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("retrySeconds", 0)
                    .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                    .put("providers", new JsonArray().add(provider))),
        Map.of());
  }

  private JsonNode ask(String model) {
    return EnsembleClient.json(
        ensemble.client().post("/api/v1/generate", Requests.ofModel(model)).body());
  }

  private void upstreamAnswers() {
    upstream.events(data(text("hi"), finish("stop"), usage(1_000_000, 0, 1), "[DONE]"));
  }

  @Test
  void anotherPriceCountsFromTheNextCallOn() {
    upstreamAnswers();
    assertThat(ask("real").path("cost").asText()).isEqualTo("3");

    RunningEnsemble.await(ensemble.reload(options("real", "0.5")));

    assertThat(ask("real").path("cost").asText()).isEqualTo("0.5");
  }

  @Test
  void modelsComeAndGo() {
    upstreamAnswers();

    assertThat(RunningEnsemble.await(ensemble.reload(options("new", "3"))))
        .containsExactly("new", "demo");

    assertThat(ask("new").path("finish_reason").asText()).isEqualTo("end_turn");
    assertThat(ask("real").path("error").path("code").asText()).isEqualTo("MODEL_UNKNOWN");
    assertThat(ensemble.client().get("/api/v1/models").body()).contains("\"new\"");
  }

  @Test
  void aStreamThatIsUnderWayEndsAsItBegan() throws Exception {
    List<HttpServerResponse> open = new CopyOnWriteArrayList<>();
    upstream.script(
        response -> {
          Upstream.begin(response).write(data(text("begun ")));
          open.add(response);
        });
    List<Sse> answer = new CopyOnWriteArrayList<>();
    Thread client =
        Thread.startVirtualThread(
            () -> answer.add(ensemble.client().stream(Requests.ofModel("real"))));
    Await.until(() -> open.size() == 1);

    RunningEnsemble.await(ensemble.reload(options("new", "7")));
    System.gc(); // Nobody but the call holds its provider now.
    open.getFirst().end(data(text("ended"), finish("stop"), usage(1_000_000, 0, 1), "[DONE]"));
    client.join();

    assertThat(answer.getFirst().joined("text")).isEqualTo("begun ended");
    assertThat(answer.getFirst().last().data().path("cost").asText()).isEqualTo("3");
  }

  @Test
  void whatCannotBeServedChangesNothing() {
    upstreamAnswers();
    EnsembleOptions twice = options("real", "3");
    EnsembleOptions wrong =
        new EnsembleOptions(
            "127.0.0.1",
            0,
            twice.publicUrl(),
            twice.apiKeys(),
            List.of(twice.providers().getFirst(), twice.providers().getFirst()),
            twice.demoDelay());

    assertThatThrownBy(() -> RunningEnsemble.await(ensemble.reload(wrong)))
        .hasMessageContaining("Two providers are called 'scripted'");

    assertThat(ask("real").path("cost").asText()).isEqualTo("3");
  }
}

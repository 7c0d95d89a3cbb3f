package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens are counted by the vendor of the model where it offers that. */
class VendorTokenCountTest {
  private static final String PROMPT =
      """
      {"model": "%s", "system": "Be brief.", "max_tokens": 5, "temperature": 0.5, "stream": true,
       "tools": [{"name": "look", "input_schema": {"type": "object"}}],
       "messages": [{"role": "user", "content": "hello"}]}
      """;

  private record Asked(String path, JsonNode body) {}

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private volatile Optional<String> answer = Optional.empty();
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    HttpServer vendor =
        RunningEnsemble.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  asked.add(
                                      new Asked(
                                          request.path(), EnsembleClient.json(body.toString())));
                                  request
                                      .response()
                                      .setStatusCode(answer.isPresent() ? 200 : 500)
                                      .end(answer.orElse("broken"));
                                }))
                .listen(0, "127.0.0.1"));
    JsonArray providers = new JsonArray();
    for (String type : new String[] {"anthropic", "gemini", "openai-compatible"}) {
      providers.add(
          new JsonObject()
              .put("name", type)
              .put("type", type)
              .put("baseUrl", "http://127.0.0.1:" + vendor.actualPort())
              .put("models", new JsonArray().add(new JsonObject().put("id", type + "-model"))));
    }
    JsonObject config =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put("providers", providers);
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(new JsonObject().put("ensemble", config), Map.of()));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    RunningEnsemble.await(vertx.close());
  }

  private long count(String type) {
    String body =
        ensemble
            .client(RunningEnsemble.KEY)
            .post("/v1/messages/count_tokens", PROMPT.formatted(type + "-model"))
            .body();
    return EnsembleClient.json(body).path("input_tokens").asLong();
  }

  private static Set<String> fields(JsonNode body) {
    return body.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  @Test
  void anthropicCountsTheClientsOwnPrompt() throws Exception {
    answer = Optional.of("{\"input_tokens\": 4321}");

    assertThat(count("anthropic")).isEqualTo(4321);

    Asked theirs = asked.take();
    assertThat(theirs.path()).isEqualTo("/v1/messages/count_tokens");
    assertThat(fields(theirs.body()))
        .containsExactlyInAnyOrder("model", "system", "tools", "messages");
  }

  @Test
  void geminiCountsThePromptInItsOwnFormat() throws Exception {
    answer = Optional.of("{\"totalTokens\": 77}");

    assertThat(count("gemini")).isEqualTo(77);

    Asked theirs = asked.take();
    assertThat(theirs.path()).isEqualTo("/models/gemini-model:countTokens");
    JsonNode request = theirs.body().path("generateContentRequest");
    assertThat(request.path("model").asText()).isEqualTo("models/gemini-model");
    assertThat(request.path("contents").toString()).contains("hello");
    assertThat(request.path("systemInstruction").toString()).contains("Be brief.");
  }

  @Test
  void othersAreEstimated() {
    assertThat(count("openai-compatible")).isBetween(5L, 50L);
    assertThat(asked).isEmpty();
  }

  @Test
  void aVendorThatFailsLeavesItToAnEstimate() {
    assertThat(count("anthropic")).isBetween(5L, 50L);
    answer = Optional.of("<html>");
    assertThat(count("anthropic")).isBetween(5L, 50L);
    assertThat(asked).hasSize(2);
  }
}

package dev.concert.platform.doctor;

import dev.concert.bus.BusCodecs;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Asks a model of each cloud that the configuration names for one word, by Ensemble itself, and
 * says what is wrong with the access. Blocks.
 */
public final class CloudCheck {
  private static final String PART = "Models of ";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int OK = 200;

  private CloudCheck() {}

  /**
   * @param configured reads the configuration
   * @return one for each provider of a cloud, or one for a configuration that is wrong
   */
  public static List<CheckResult> of(Supplier<EnsembleOptions> configured) {
    List<ProviderOptions> clouds;
    try {
      clouds =
          configured.get().providers().stream().filter(one -> one.cloud().isPresent()).toList();
    } catch (ConfigException wrong) {
      return List.of(
          CheckResult.missing(
              "Configuration", wrong.getMessage(), "correct the named setting or variable"));
    }
    List<CheckResult> results = new ArrayList<>();
    if (!clouds.isEmpty()) {
      Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
      try {
        BusCodecs.register(vertx);
        clouds.forEach(cloud -> results.add(asked(vertx, cloud)));
      } finally {
        vertx.close().toCompletionStage().toCompletableFuture().join();
      }
    }
    return results;
  }

  private static CheckResult asked(Vertx vertx, ProviderOptions cloud) {
    Optional<String> model =
        cloud.models().stream().map(one -> one.id()).filter(id -> !id.endsWith("*")).findFirst();
    if (model.isEmpty()) {
      return CheckResult.ok(PART + cloud.way(), "not asked: it names no single model");
    }
    String key = UUID.randomUUID().toString();
    EnsembleVerticle ensemble =
        new EnsembleVerticle(
            new EnsembleOptions(
                    "127.0.0.1", 0, Optional.empty(), List.of(key), List.of(cloud), Duration.ZERO)
                .withEventLoops(1));
    try {
      String deployment =
          vertx.deployVerticle(ensemble).toCompletionStage().toCompletableFuture().join();
      HttpResponse<String> answer = ask(ensemble.baseUrl(), key, model.get());
      vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().join();
      return answer.statusCode() == OK
          ? CheckResult.ok(PART + cloud.way(), model.get() + " answers")
          : refused(cloud, answer.body());
    } catch (CompletionException | IOException failed) {
      return CheckResult.fallback(
          PART + cloud.way(),
          "it could not be asked: " + failed.getMessage(),
          "run the command again");
    }
  }

  private static HttpResponse<String> ask(String url, String key, String model) throws IOException {
    JsonObject body =
        new JsonObject()
            .put("model", model)
            .put("max_tokens", 16)
            .put(
                "messages",
                new JsonArray()
                    .add(new JsonObject().put("role", "user").put("content", "Say OK.")));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url + "/api/v1/generate"))
              .timeout(PATIENCE)
              .header("Authorization", "Bearer " + key)
              .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static CheckResult refused(ProviderOptions cloud, String body) {
    JsonObject error;
    try {
      error = new JsonObject(body).getJsonObject("error", new JsonObject());
    } catch (DecodeException e) {
      error = new JsonObject();
    }
    String said = error.getString("message", "it does not answer");
    return CheckResult.fallback(
        PART + cloud.way(), said, CloudAdvice.of(cloud, code(error.getString("code", "")), said));
  }

  private static ErrorCode code(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equalsIgnoreCase(name)) {
        return code;
      }
    }
    return ErrorCode.INTERNAL;
  }
}

package dev.concert.platform.command;

import dev.concert.platform.ConfigSource;
import dev.concert.platform.EnsembleServer;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.server.EmbeddedServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What the JVM watches to make its cache of classes and of method profiles: a turn, and then model
 * calls, so that a server that has just started compiles at once what calls need. The starter runs
 * it after a build. It is no command of people.
 *
 * <p>Arguments: an empty folder, and how many calls each caller makes, if not the usual number.
 */
public final class TrainingRun {
  private static final String KEY = "key-of-the-training";
  private static final int CALLERS = 4;
  private static final int CALLS_OF_EACH = 1_500;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long LONGEST_MINUTES = 2;

  private static final String WHOLE =
      """
      {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
      "message":{"role":"assistant","content":"Forty-two."},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}""";

  private static final String STREAM =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",\
      "choices":[{"index":0,"delta":{"content":"Forty-two."},"finish_reason":null}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",\
      "choices":[{"index":0,"delta":{},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}

      data: [DONE]

      """;

  private TrainingRun() {}

  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : CALLS_OF_EACH;
    System.exit(run(Path.of(arguments[0]), calls));
  }

  /**
   * Runs it. Blocking.
   *
   * @param folder for its data
   * @param calls of each caller
   * @return the exit code of the turn
   * @throws ExecutionException when a call was not answered
   */
  private static int run(Path folder, int calls) throws Exception {
    int turn =
        Main.commandLine()
            .execute(
                "turn", "--data", folder.resolve("turn").toString(), "--agent", "echo", "warm up");
    Vertx vertx = Vertx.vertx();
    int model =
        vertx
            .createHttpServer()
            .requestHandler(TrainingRun::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(LONGEST_MINUTES, TimeUnit.MINUTES)
            .actualPort();
    Path home = EmbeddedServer.home();
    PlatformOptions options =
        new PlatformOptions("127.0.0.1", 0, folder.resolve("ensemble"), home, config(model));
    try (EnsembleServer ensemble =
        EnsembleServer.start(options, new ConfigSource(Optional.empty(), home))) {
      call(URI.create(ensemble.url() + "/v1/chat/completions"), calls);
    }
    vertx.close();
    return turn;
  }

  private static JsonObject config(int model) {
    return new JsonObject()
        .put(
            "ensemble",
            new JsonObject()
                .put("apiKeys", new JsonArray().add(KEY))
                .put(
                    "providers",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("name", "played")
                                .put("type", "openai-compatible")
                                .put("baseUrl", "http://127.0.0.1:" + model + "/v1")
                                .put(
                                    "models",
                                    new JsonArray().add(new JsonObject().put("id", "m"))))));
  }

  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              boolean isStream = body.toJsonObject().getBoolean("stream", false);
              request
                  .response()
                  .putHeader("Content-Type", isStream ? "text/event-stream" : "application/json")
                  .end(isStream ? STREAM : WHOLE);
            });
  }

  private static void call(URI url, int calls) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        callers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < calls; i++) {
                    call(client, url, i % 2 == 0);
                  }
                  return null;
                }));
      }
      for (Future<?> caller : callers) {
        caller.get(LONGEST_MINUTES, TimeUnit.MINUTES);
      }
    }
  }

  private static void call(HttpClient client, URI url, boolean stream)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + KEY)
            .POST(
                BodyPublishers.ofString(
                    """
                    {"model":"m","stream":%s,"messages":[{"role":"user","content":"Why?"}]}"""
                        .formatted(stream)))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("A model call was refused: " + answer.body());
    }
  }
}

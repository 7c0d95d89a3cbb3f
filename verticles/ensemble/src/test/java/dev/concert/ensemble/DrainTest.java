package dev.concert.ensemble;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers see of a server that stops. */
class DrainTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String STREAM =
      "{\"model\":\"real\",\"stream\":true,\"max_tokens\":50,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;

  private final Upstream upstream = new Upstream();

  /** Answers that have begun and wait for the test to end them. */
  private final List<HttpServerResponse> waiting = new CopyOnWriteArrayList<>();

  private RunningEnsemble ensemble;

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private void start(Duration drain) {
    upstream.script(
        response -> {
          Upstream.begin(response).write(data(text("begun")));
          waiting.add(response);
        });
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(Upstream.options(upstream.url(), Duration.ofSeconds(20))),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db"))
                .withDrain(drain));
  }

  private CompletableFuture<HttpResponse<String>> ask(String path) {
    CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                answer.complete(ensemble.client().post(path, body(path)));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  private static String body(String path) {
    return path.equals("/v1/responses")
        ? STREAM.replace("messages", "input").replace("max_tokens", "max_output_tokens")
        : STREAM;
  }

  private List<CompletableFuture<HttpResponse<String>>> open(String path, int many) {
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, many).mapToObj(i -> ask(path)).toList();
    Await.until(() -> waiting.size() == many);
    return answers;
  }

  private void answerAll() {
    waiting.forEach(
        response -> response.end(data(text("!"), finish("stop"), usage(10, 0, 2), "[DONE]")));
  }

  private Future<Void> stopping() {
    Future<Void> stopped = ensemble.stop();
    Await.until(() -> ensemble.client().get("/api/v1/health").statusCode() == 503);
    return stopped;
  }

  @Test
  void openAnswersEndAndThoseWhoComeAreSentAway() {
    start(LONG);
    List<CompletableFuture<HttpResponse<String>>> answers = open("/api/v1/stream", 5);

    Future<Void> stopped = stopping();

    for (String path : List.of("/api/v1/generate", "/v1/chat/completions", "/v1/messages")) {
      HttpResponse<String> refused = ensemble.client().post(path, STREAM);
      assertThat(refused.statusCode()).as(path).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).contains("1");
      assertThat(refused.headers().firstValue("connection")).contains("close");
      assertThat(refused.body()).contains("Ensemble is stopping");
    }
    assertThat(stopped.isComplete()).isFalse();
    answerAll();
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.join().body()).contains("event: done"));
    RunningEnsemble.await(stopped);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/stream,       event: error,           event: done",
    "/v1/chat/completions, ensemble_unavailable,   [DONE]",
    "/v1/responses,        response.failed,        response.completed",
    "/v1/messages,         event: error,           message_stop"
  })
  void whatDoesNotEndInTimeIsSaidToBeCutAndIsInTheBooks(String path, String cut, String whole) {
    start(SHORT);
    CompletableFuture<HttpResponse<String>> answer = open(path, 1).getFirst();

    RunningEnsemble.await(ensemble.stop());

    assertThat(answer.join().body())
        .contains("begun", cut, "Ensemble was stopped before")
        .doesNotContain(whole);
    assertThat(LedgerRows.of(folder.resolve("ledger.db")))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row).containsEntry("outcome", "ensemble_unavailable");
              assertThat(row.get("ended_ms")).isNotNull();
            });
  }

  @Test
  void nothingUnderWayMeansNoWaiting() {
    start(LONG);
    long from = System.nanoTime();

    RunningEnsemble.await(ensemble.stop());

    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LONG.dividedBy(2));
  }
}

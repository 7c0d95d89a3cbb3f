package dev.concert.ensemble.api;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many calls on one connection, by HTTP/2 in clear text with prior knowledge. */
@ExpectedLog(
    logger = "io.vertx.core.http.impl.HttpClientResponseImpl",
    message = "Stream (was closed|reset)",
    required = false)
@ExpectedLog(
    logger = "io.vertx.core.http.impl.HttpClientRequestImpl",
    message = "Stream (was closed|reset)",
    required = false)
class Http2Test {
  private static final String END = data(text("end"), finish("stop"), usage(100, 40, 7), "[DONE]");
  private static final String BODY =
      "{\"model\":\"real\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String STREAM = BODY.replace("{\"model\"", "{\"stream\":true,\"model\"");
  private static final long CANCEL = 8;

  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble =
      new RunningEnsemble(Upstream.options(upstream.url(), Duration.ofSeconds(20)));

  /** Answers that have begun and wait for the test to end them. */
  private final List<HttpServerResponse> waiting = new CopyOnWriteArrayList<>();

  private final AtomicInteger gone = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();

  /** One connection, which one stream that is not read does not fill. */
  private final HttpClientAgent client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false)
              .setHttp2ConnectionWindowSize(8 * 1024 * 1024),
          new PoolOptions().setHttp2MaxSize(1));

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
    ensemble.close();
    upstream.close();
  }

  private void upstreamWaits() {
    upstream.script(
        response -> {
          response.closeHandler(closed -> gone.incrementAndGet());
          Upstream.begin(response).write(data(text("begun")));
          waiting.add(response);
        });
  }

  private Future<HttpClientRequest> request(String path) {
    return client.request(
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(ensemble.port())
            .setURI(path)
            .putHeader("authorization", "Bearer " + RunningEnsemble.KEY));
  }

  /** The head of an answer of which nothing is read yet. */
  private HttpClientResponse ask(String path, String body) {
    return RunningEnsemble.await(
        request(path).compose(request -> request.send(body)).onSuccess(HttpClientResponse::pause));
  }

  private static String rest(HttpClientResponse response) {
    Future<Buffer> body = response.body();
    response.resume();
    return RunningEnsemble.await(body).toString();
  }

  @Test
  void streamsShareAConnectionAndEachHasItsOwnEnd() {
    upstreamWaits();
    HttpClientResponse first = ask("/api/v1/stream", BODY);
    HttpClientResponse second = ask("/v1/chat/completions", STREAM);
    assertThat(first.request().connection()).isSameAs(second.request().connection());
    assertThat(first.version()).isEqualTo(HttpVersion.HTTP_2);

    waiting.get(1).end(END);
    assertThat(rest(second)).contains("begun", "end", "data: [DONE]");
    waiting.get(0).end(END);
    assertThat(rest(first)).contains("begun", "event: done");

    assertThat(second.getTrailer("x-ensemble-cost")).isEqualTo("0.000297");
    assertThat(first.getHeader("x-ensemble-overhead-ms")).isNotNull();
  }

  @Test
  void aStreamThatIsResetEndsAtTheProviderAndNoOtherDoes() {
    upstreamWaits();
    HttpClientResponse cancelled = ask("/api/v1/stream", BODY);
    HttpClientResponse other = ask("/api/v1/stream", BODY);

    RunningEnsemble.await(cancelled.request().reset(CANCEL));

    Await.until(() -> gone.get() == 1);
    waiting.get(1).end(END);
    assertThat(rest(other)).contains("event: done");
  }

  @Test
  void aConnectionThatIsLostEndsAllItsCalls() {
    upstreamWaits();
    HttpClientResponse one = ask("/api/v1/stream", BODY);
    ask("/v1/messages", STREAM);

    RunningEnsemble.await(one.request().connection().close());

    Await.until(() -> gone.get() == 2);
  }

  @Test
  void aStreamThatIsNotReadHoldsOnlyItselfBack() {
    String piece = data(text("x".repeat(64 * 1024)));
    AtomicInteger sent = new AtomicInteger();
    upstream.script(response -> pump(Upstream.begin(response), piece, sent));
    HttpClientResponse slow = ask("/api/v1/stream", BODY);
    Await.until(() -> sent.get() > 0);
    upstream.events(END);

    for (int i = 0; i < 20; i++) {
      assertThat(rest(ask("/api/v1/stream", BODY))).contains("event: done");
    }

    // Windows, socket buffers and write queues; the whole answer is 128 MB.
    assertThat(sent.get()).isLessThan(700);
    RunningEnsemble.await(slow.request().reset(CANCEL));
  }

  private static void pump(HttpServerResponse response, String piece, AtomicInteger sent) {
    while (!response.writeQueueFull() && sent.get() < 2_000) {
      response.write(piece);
      sent.incrementAndGet();
    }
    response.drainHandler(drained -> pump(response, piece, sent));
  }

  @Test
  void aConnectionHasAHundredStreamsAndTheNextWaitsForOneOfThem() {
    upstreamWaits();
    List<Future<HttpClientResponse>> hundred =
        java.util.stream.IntStream.range(0, HttpServerConfig.MOST_STREAMS)
            .mapToObj(i -> request("/api/v1/stream").compose(request -> request.send(BODY)))
            .toList();
    Await.until(() -> waiting.size() == HttpServerConfig.MOST_STREAMS);
    Future<HttpClientResponse> next =
        request("/api/v1/stream").compose(request -> request.send(BODY));
    Await.until(() -> hundred.stream().allMatch(Future::succeeded));

    assertThat(
            hundred
                .getFirst()
                .result()
                .request()
                .connection()
                .remoteSettings()
                .getMaxConcurrentStreams())
        .isEqualTo(HttpServerConfig.MOST_STREAMS);
    assertThat(next.isComplete()).isFalse();
    waiting.getFirst().end(END);
    assertThat(RunningEnsemble.await(next).statusCode()).isEqualTo(200);
    assertThat(waiting).hasSize(HttpServerConfig.MOST_STREAMS + 1);
  }

  @Test
  void whatIsTooLargeIsRefusedAsByHttp1AndTheConnectionGoesOn() {
    upstream.events(END);
    HttpClientResponse head =
        RunningEnsemble.await(
            request("/api/v1/generate")
                .compose(
                    request ->
                        request
                            .putHeader(
                                "content-length", Integer.toString(HttpServerConfig.BODY_LIMIT + 1))
                            .sendHead()
                            .compose(sent -> request.response())));

    assertThat(head.statusCode()).isEqualTo(413);
    HttpClientResponse answer = ask("/api/v1/generate", BODY);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.request().connection()).isSameAs(head.request().connection());
  }

  @Test
  void aClientThatAsksForAnUpgradeInItsFirstCallIsAnswered() throws Exception {
    upstream.events(END);
    String prompt = BODY.replace("hi", "long ".repeat(40_000));
    try (HttpClient jdk = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (int call = 0; call < 2; call++) {
        HttpResponse<String> answer =
            jdk.send(stream(prompt), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).contains("event: done");
      }
    }
  }

  @Test
  void atAStopOpenStreamsEndAndTheConnectionTakesNoMore() throws Exception {
    upstream.events(END);
    HttpClientResponse before = ask("/api/v1/stream", BODY);
    rest(before);
    AtomicInteger goneAway = new AtomicInteger();
    before.request().connection().goAwayHandler(told -> goneAway.incrementAndGet());
    upstreamWaits();
    // Vert.x' own client may take a stream for a failed one when it ends after this was told.
    try (HttpClient jdk = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      CompletableFuture<HttpResponse<String>> open =
          jdk.sendAsync(stream(BODY), HttpResponse.BodyHandlers.ofString());
      Await.until(() -> waiting.size() == 1);

      Future<Void> stopped = ensemble.stop();
      Await.until(() -> ensemble.client().get("/api/v1/health").statusCode() == 503);

      assertThat(jdk.send(stream(BODY), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(503);
      assertThat(ask("/api/v1/stream", BODY).statusCode()).isEqualTo(503);
      Await.until(() -> goneAway.get() > 0);
      waiting.getFirst().end(END);
      assertThat(open.get(3, TimeUnit.MINUTES).version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(open.get().body()).contains("event: done");
      RunningEnsemble.await(stopped);
    }
  }

  private HttpRequest stream(String body) {
    return HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + "/api/v1/stream"))
        .header("Authorization", "Bearer " + RunningEnsemble.KEY)
        .timeout(Duration.ofSeconds(20))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}

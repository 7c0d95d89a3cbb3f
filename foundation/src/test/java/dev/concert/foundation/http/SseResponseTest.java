package dev.concert.foundation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SseResponseTest {
  private static final Duration NEVER = Duration.ofMinutes(10);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() throws Exception {
    client.close();
    get(vertx.close());
  }

  @Test
  void eventsAreWrittenInTheFormOfTheStandard() throws Exception {
    HttpResponse<String> answer =
        ask(
            NEVER,
            stream -> {
              stream.data(Buffer.buffer("{}"));
              stream.event("block", Buffer.buffer("1"));
              stream.write(SseResponse.bytes("block", 7, Buffer.buffer("2")));
              stream.end(SseResponse.bytes("done", Buffer.buffer("3")));
              stream.end();
            });
    assertThat(answer.body())
        .isEqualTo(
            "data: {}\n\n"
                + "event: block\n"
                + "data: 1\n\n"
                + "event: block\n"
                + "id: 7\n"
                + "data: 2\n\n"
                + "event: done\n"
                + "data: 3\n\n");
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(answer.headers().firstValue("X-Accel-Buffering")).contains("no");
  }

  @Test
  void nothingIsStartedBeforeTheFirstEventSoThatAFailureCanBeAnHttpError() throws Exception {
    int port =
        serve(
            NEVER,
            (stream, request) -> {
              assertThat(stream.started()).isFalse();
              stream.stop();
              request.setStatusCode(429).end("too many");
            });
    HttpResponse<String> answer = client.send(to(port), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.body()).isEqualTo("too many");
  }

  @Test
  void aSilentStreamSaysThatItLives() throws Exception {
    CompletableFuture<SseResponse> stream = new CompletableFuture<>();
    int port = serve(Duration.ofMillis(20), (opened, _) -> stream.complete(opened));
    var answer = client.send(to(port), BodyHandlers.ofInputStream());
    byte[] first = answer.body().readNBytes(": still working\n\n".length());
    assertThat(first).asString().isEqualTo(": still working\n\n");
    vertx.runOnContext(_ -> stream.join().end());
    answer.body().close();
  }

  @Test
  void whatIsWrittenAfterTheClientHasGoneIsDropped() throws Exception {
    CompletableFuture<SseResponse> stream = new CompletableFuture<>();
    int port =
        serve(
            NEVER,
            (opened, _) -> {
              opened.data(Buffer.buffer("1"));
              stream.complete(opened);
            });
    var request = get(vertx.createHttpClient().request(HttpMethod.GET, port, "127.0.0.1", "/"));
    get(request.send());
    get(request.connection().close());
    Await.until(() -> stream.join().closed());
    CompletableFuture<Void> written = new CompletableFuture<>();
    vertx.runOnContext(
        _ -> {
          stream.join().data(Buffer.buffer("2"));
          stream.join().end();
          written.complete(null);
        });
    written.get(3, TimeUnit.MINUTES);
  }

  private HttpResponse<String> ask(Duration heartbeat, Consumer<SseResponse> answer)
      throws Exception {
    int port = serve(heartbeat, (stream, _) -> answer.accept(stream));
    return client.send(to(port), BodyHandlers.ofString());
  }

  private interface Answer {
    void with(SseResponse stream, HttpServerResponse response);
  }

  private int serve(Duration heartbeat, Answer answer) {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    answer.with(
                        new SseResponse(
                            vertx, request.response(), SseResponse.MEDIA_TYPE_UTF_8, heartbeat),
                        request.response()));
    return get(server.listen(0, "127.0.0.1")).actualPort();
  }

  private static HttpRequest to(int port) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

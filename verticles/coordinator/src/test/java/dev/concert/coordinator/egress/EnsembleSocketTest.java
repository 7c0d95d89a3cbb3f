package dev.concert.coordinator.egress;

import static dev.concert.coordinator.egress.NetworkHarness.await;
import static dev.concert.coordinator.egress.SocketClient.exchange;
import static dev.concert.coordinator.egress.policy.SomePolicy.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent on its socket to Ensemble, with a played Ensemble behind. */
@Timeout(120)
class EnsembleSocketTest {
  private @TempDir Path folder;
  private NetworkHarness network;

  @BeforeEach
  void prepare() {
    network = new NetworkHarness(folder);
  }

  @AfterEach
  void close() {
    network.close();
  }

  /** The agent's socket, to an Ensemble that answers so, below this path. */
  private Path ensemble(String prefix, Handler<HttpServerRequest> answers) {
    int port =
        await(network.vertx().createHttpServer().requestHandler(answers).listen(0, "127.0.0.1"))
            .actualPort();
    return to(URI.create("http://127.0.0.1:" + port + prefix));
  }

  private Path to(URI url) {
    return network.sockets(open(), Optional.empty(), url).ensemble();
  }

  private static String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(path);
  }

  @Test
  void aRequestReachesEnsembleWithItsTokenBelowThePathOfItsUrl() throws Exception {
    Path socket =
        ensemble(
            "/base/",
            request ->
                request
                    .body()
                    .onSuccess(
                        body ->
                            request
                                .response()
                                .end(
                                    request.uri()
                                        + " "
                                        + request.getHeader("Authorization")
                                        + " "
                                        + body)));

    assertThat(
            exchange(
                socket,
                """
                POST /api/v1/stream HTTP/1.1\r
                Host: 127.0.0.1:3129\r
                Authorization: Bearer ens_1\r
                Transfer-Encoding: chunked\r
                Connection: close\r
                \r
                2\r
                {}\r
                0\r
                \r
                """))
        .startsWith("HTTP/1.1 200")
        .contains("/base/api/v1/stream Bearer ens_1 {}");
  }

  @Test
  void anEventPassesBeforeTheNextOneIsSent() throws Exception {
    Queue<HttpServerResponse> responses = new ConcurrentLinkedQueue<>();
    Path socket =
        ensemble(
            "",
            request -> {
              HttpServerResponse response =
                  request.response().putHeader("Content-Type", "text/event-stream");
              response.setChunked(true).write("data: 0\n\n");
              responses.add(response);
            });
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send("POST /api/v1/stream HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      agent.readUntil("data: 0\n\n");
      for (int number = 1; number <= 20; number++) {
        responses.element().write("data: %d\n\n".formatted(number));
        agent.readUntil("data: %d\n\n".formatted(number));
      }
      responses.element().end();
      agent.readUntil("0\r\n\r\n");
    }
  }

  @Test
  void anAgentThatHangsUpEndsItsCallOfEnsemble() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Path socket =
        ensemble(
            "",
            request -> {
              begun.incrementAndGet();
              request.response().closeHandler(_ -> ended.incrementAndGet());
              if (request.uri().endsWith("stream")) {
                request.response().setChunked(true).write("data: 0\n\n");
              }
            });
    for (String path : new String[] {"/api/v1/stream", "/api/v1/generate"}) {
      int before = begun.get();
      try (SocketClient agent = SocketClient.connect(socket)) {
        agent.send("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".formatted(path));
        Await.until("the call", () -> begun.get() == before + 1);
        if (path.endsWith("stream")) {
          agent.readUntil("data: 0\n\n");
        }
      }
      Await.until("the end of " + path, () -> ended.get() == before + 1);
    }
  }

  @Test
  void anAnswerThatEnsembleBreaksOffIsNotTakenForAWholeOne() throws Exception {
    Path socket =
        ensemble(
            "",
            request ->
                request
                    .response()
                    .setChunked(true)
                    .write("data: 0\n\n")
                    .onComplete(_ -> request.connection().close()));

    assertThat(exchange(socket, get("/api/v1/stream/x")))
        .startsWith("HTTP/1.1 200")
        .doesNotEndWith("0\r\n\r\n");
  }

  /** Vert.x HTTP Proxy keeps such an answer in memory, whole, before it sends a byte. */
  @Test
  void anAgentThatSpeaksHttp10GetsAStreamAsItComes() throws Exception {
    Queue<HttpServerResponse> responses = new ConcurrentLinkedQueue<>();
    Path socket =
        ensemble(
            "",
            request -> {
              request.response().setChunked(true).write("data: 0\n\n");
              responses.add(request.response());
            });
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send("GET /api/v1/stream/x HTTP/1.0\r\n\r\n");
      agent.readUntil("data: 0\n\n");
      responses.element().end("data: 1\n\n");
      assertThat(agent.rest()).isEqualTo("data: 1\n\n");
    }
  }

  @Test
  void anAgentThatDoesNotReadStopsEnsembleFromSending() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    Buffer piece = Buffer.buffer(new byte[1 << 16]);
    Path socket =
        ensemble(
            "",
            request -> {
              HttpServerResponse response = request.response().setChunked(true);
              Runnable fill =
                  () -> {
                    while (!response.writeQueueFull() && sent.get() < 1024) {
                      sent.incrementAndGet();
                      response.write(piece);
                    }
                    if (sent.get() == 1024) {
                      response.end();
                    }
                  };
              response.drainHandler(_ -> fill.run());
              fill.run();
            });
    try (SocketClient agent = SocketClient.connect(socket)) {
      agent.send(get("/api/v1/stream/x"));
      agent.readUntil("\r\n\r\n");
      Await.until(
          "a server that waits",
          () -> {
            int before = sent.get();
            java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
            return before > 0 && sent.get() == before;
          });
      assertThat(sent.get()).isLessThan(512);
      assertThat(agent.rest().length()).isGreaterThan(64 << 20);
    }
  }

  @Test
  void onlyHeadersOfTheRequestPassNotThoseOfTheConnection() throws Exception {
    Path socket =
        ensemble(
            "",
            request ->
                request
                    .response()
                    .putHeader("X-From", "ensemble")
                    .end(request.headers().toString()));

    String answer =
        exchange(
            socket,
            """
            GET /v1/models HTTP/1.0\r
            Host: x\r
            X-Hop: 1\r
            X-Kept: 2\r
            Upgrade: websocket\r
            Proxy-Authorization: Basic c2VjcmV0\r
            Connection: x-hop\r
            \r
            """);

    assertThat(answer).contains("X-From: ensemble", "X-Kept");
    assertThat(answer.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("x-hop", "websocket", "c2vjcmv0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/keys",
        "/metrics",
        "/health",
        "/api/v1/health",
        "/api/v1/usage",
        "/api/v1/usage/export",
        "/api/v1/ws",
        "/api/v1/modelsx",
        "/",
        "/v1",
        "/v1/../admin/keys",
        "/v1/%2e%2E/admin/keys",
        "/v1/.%2e/admin/keys",
        "//admin",
        "/v1//../admin",
        "/v1/\\..\\admin",
        "http://other/v1/models"
      })
  void whatIsNotForModelsIsRefusedWithASentence(String path) throws Exception {
    AtomicInteger reached = new AtomicInteger();
    Path socket = ensemble("", request -> reached.incrementAndGet());

    assertThat(exchange(socket, get(path)))
        .startsWith("HTTP/1.1 403")
        .contains("\"message\":\"An agent may ask models here, and nothing else.\"");
    assertThat(reached).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages",
    "/v1/messages/count_tokens",
    "/v1/responses",
    "/v1/chat/completions",
    "/v1/models/openai%2Fgpt-5",
    "/api/v1/stream?x=/admin",
    "/api/v1/stream/id",
    "/api/v1/status/id",
    "/api/v1/retrieve/id",
    "/api/v1/generate",
    "/api/v1/models"
  })
  void whatModelsAreAskedWithPasses(String path) {
    assertThat(EnsembleSocket.isForModels(path)).isTrue();
  }

  @Test
  void anEnsembleThatIsDownIsAnErrorInItsOwnForm() throws Exception {
    Path socket = to(URI.create("http://127.0.0.1:" + network.closedPort()));

    assertThat(exchange(socket, get("/v1/models")))
        .startsWith("HTTP/1.1 502")
        .contains("\"code\":\"ENSEMBLE_UNAVAILABLE\"", "\"retryable\":true");
  }

  @Test
  void theProxyDoesNotLeadToEnsembleWhateverTheListSays() throws Exception {
    int port =
        await(
                network
                    .vertx()
                    .createHttpServer()
                    .requestHandler(request -> request.response().end("reached"))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    Path proxy =
        network
            .sockets(
                open("127.0.0.1:" + port, "localhost:" + port),
                Optional.empty(),
                URI.create("http://localhost:" + port))
            .proxy();

    for (String host : new String[] {"127.0.0.1", "localhost", "127.9.9.9"}) {
      assertThat(
              exchange(
                  proxy,
                  "GET http://%s:%d/admin/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                      .formatted(host, port)))
          .as(host)
          .startsWith("HTTP/1.1 403");
    }
  }
}

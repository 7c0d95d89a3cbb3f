package dev.concert.chronicle.content.tier;

import dev.concert.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Stands before an S3 server: counts what arrives there, and behaves as badly as networks do. */
final class S3Gate implements AutoCloseable {
  enum Fault {
    NONE,
    SLOW_DOWN,
    RESET,
    /** The server does what was asked, but nobody hears of it. */
    ANSWER_LOST,
    HALF_AN_OBJECT,
    /** Nobody ever answers. */
    HANGS
  }

  private final HttpServer server;
  private final HttpClient client;
  private final int target;
  private final Map<String, AtomicInteger> stored = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Set<SocketAddress> connected = ConcurrentHashMap.newKeySet();
  volatile Function<HttpServerRequest, Fault> faults = request -> Fault.NONE;

  S3Gate(Vertx vertx, int target) {
    this.target = target;
    this.client = vertx.createHttpClient();
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHandle100ContinueAutomatically(true)
                    // With HTTP/2, Vert.x reports a connection only after its first bytes.
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(this::connected)
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  int port() {
    return server.actualPort();
  }

  /** How often each object was stored at the server. */
  Map<String, AtomicInteger> stored() {
    return stored;
  }

  int requests() {
    return requests.get();
  }

  private void connected(HttpConnection connection) {
    SocketAddress client = connection.remoteAddress();
    connected.add(client);
    connection.closeHandler(closed -> connected.remove(client));
  }

  /**
   * Waits until the server has answered all that was sent here, also by processes that have ended.
   * No client may be connected.
   */
  void awaitAllAnswered() throws IOException {
    // What a process has sent before its end is accepted and read before this connection.
    try (Socket last = new Socket("127.0.0.1", port())) {
      Await.until(
          "the last connection",
          () -> connected.stream().anyMatch(client -> client.port() == last.getLocalPort()));
    }
    Await.until("the end of all connections", connected::isEmpty);
    Await.until("the server's answers", () -> underWay.get() == 0);
  }

  private void handle(HttpServerRequest request) {
    requests.incrementAndGet();
    Fault fault = faults.apply(request);
    request
        .body()
        .onSuccess(
            body -> {
              switch (fault) {
                case SLOW_DOWN -> request.response().setStatusCode(503).end("<Error/>");
                case RESET -> request.connection().close();
                case HANGS -> {}
                case NONE, ANSWER_LOST, HALF_AN_OBJECT -> forward(request, body, fault);
              }
            });
  }

  private void forward(HttpServerRequest request, Buffer body, Fault fault) {
    underWay.incrementAndGet();
    client
        .request(
            new RequestOptions()
                .setMethod(request.method())
                .setServer(SocketAddress.inetSocketAddress(target, "127.0.0.1"))
                .setHost("127.0.0.1")
                .setPort(port())
                .setURI(request.uri())
                .setHeaders(request.headers().remove("expect")))
        .compose(forwarded -> forwarded.send(body))
        .compose(answer -> answer.body().onSuccess(content -> end(request, answer, content, fault)))
        .onFailure(lost -> request.connection().close())
        .onComplete(any -> underWay.decrementAndGet());
  }

  private void end(
      HttpServerRequest request, HttpClientResponse answer, Buffer content, Fault fault) {
    if (request.method() == HttpMethod.PUT && answer.statusCode() == 200) {
      stored.computeIfAbsent(request.path(), key -> new AtomicInteger()).incrementAndGet();
    }
    if (fault == Fault.ANSWER_LOST) {
      request.connection().close();
      return;
    }
    request.response().setStatusCode(answer.statusCode());
    answer.headers().forEach((name, value) -> request.response().putHeader(name, value));
    if (fault == Fault.HALF_AN_OBJECT && content.length() > 1) {
      request
          .response()
          .write(content.slice(0, content.length() / 2))
          .onComplete(written -> request.connection().close());
    } else {
      request.response().end(content);
    }
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    client.close().toCompletionStage().toCompletableFuture().join();
  }
}

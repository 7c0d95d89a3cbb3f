package dev.concert.chronicle.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server that lets a request in for its token. */
class OneTimeTokensTest {
  private final Vertx vertx = Vertx.vertx();
  private final OneTimeTokens<String> tokens = new OneTimeTokens<>(vertx);
  private HttpServer server;

  @BeforeEach
  void listen() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  Optional<String> what = tokens.take(request, "/path");
                  request
                      .response()
                      .setStatusCode(what.isPresent() ? 200 : 401)
                      .end(what.orElse("none"));
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private String get(String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_token_lets_one_request_in() throws Exception {
    String token = tokens.issue("workspace");
    assertThat(tokens.size()).isEqualTo(1);
    assertThat(get("/path", "Bearer " + token)).isEqualTo("workspace");
    assertThat(get("/path", "Bearer " + token)).isEqualTo("none");
    assertThat(tokens.size()).isZero();
  }

  @Test
  void a_request_to_another_path_or_without_the_token_does_not_use_it_up() throws Exception {
    String token = tokens.issue("workspace");
    assertThat(get("/other", "Bearer " + token)).isEqualTo("none");
    assertThat(get("/path", "")).isEqualTo("none");
    assertThat(get("/path", "Basic " + token)).isEqualTo("none");
    assertThat(get("/path", "Bearer " + token + "x")).isEqualTo("none");
    assertThat(get("/path", "Bearer " + token)).isEqualTo("workspace");
  }

  @Test
  void tokens_are_long_and_never_the_same() {
    String first = tokens.issue("a");
    assertThat(first).hasSizeGreaterThanOrEqualTo(43).isNotEqualTo(tokens.issue("a"));
  }
}

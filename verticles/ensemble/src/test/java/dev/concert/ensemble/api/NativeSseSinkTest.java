package dev.concert.ensemble.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeSseSinkTest {
  private static final Problem PROBLEM = new Problem(ErrorCode.PROVIDER_FAILED, "broke");

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    RunningEnsemble.await(vertx.close());
  }

  @Test
  void aLongSilenceIsFilledWithCommentsAndStillEndsWithAnError() {
    String answer = answerOfFailureAfter(Duration.ofSeconds(1), Duration.ofMillis(200));

    assertThat(answer)
        .startsWith("200 : still working\n\n: still working\n\n")
        .contains("event: error\n");
  }

  @Test
  void aShortSilenceIsNot() {
    assertThat(answerOfFailureAfter(Duration.ofMillis(1), Duration.ofMinutes(1)))
        .startsWith("502 {\"error\":{");
  }

  private String answerOfFailureAfter(Duration silence, Duration heartbeat) {
    HttpServer server =
        RunningEnsemble.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      NativeSseSink answer =
                          new NativeSseSink(vertx, request.response(), heartbeat);
                      vertx.setTimer(silence.toMillis(), timer -> answer.failed(PROBLEM));
                    })
                .listen(0, "127.0.0.1"));
    // Held, since Vert.x closes a client that nobody holds, in the middle of an answer too.
    HttpClient client = vertx.createHttpClient();
    String answer =
        RunningEnsemble.await(
            client
                .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                .compose(request -> request.send())
                .compose(
                    response -> response.body().map(body -> response.statusCode() + " " + body)));
    RunningEnsemble.await(client.close());
    return answer;
  }
}

package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.FaultyUpstreams.Fault;
import dev.concert.gateway.FaultyUpstreams.Upstream;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the gateway depends on is stopped, hangs or is slow. An error comes in its time and says
 * what to do, then errors come at once while the fault lasts, and afterwards all goes on by itself.
 * Timeouts take their time, so the cells of the table run side by side.
 */
@ExpectedLog(
    logger = "dev.concert.foundation.openid.IssuerKeys",
    message = "keys cannot be fetched")
class FaultTableTest {
  /** So many requests without an answer open a breaker. */
  private static final int OPENING = 5;

  private static final Map<String, CompletableFuture<Void>> CELLS = new TreeMap<>();
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  @TempDir private static Path data;

  @BeforeAll
  static void start() {
    for (Fault fault : Fault.values()) {
      for (Upstream upstream : Upstream.values()) {
        start(upstream, fault);
      }
    }
  }

  private static void start(Upstream upstream, Fault fault) {
    Path own = data.resolve("cell" + CELLS.size());
    CELLS.put(
        upstream + " is " + fault,
        CompletableFuture.runAsync(
            () -> {
              try (FaultyUpstreams gateway = new FaultyUpstreams(own, upstream, fault)) {
                if (upstream == Upstream.PODIUM) {
                  turns(gateway, fault);
                }
                requests(gateway, upstream, fault);
              }
            },
            THREADS));
  }

  @AfterAll
  static void stop() {
    THREADS.close();
  }

  private static Stream<String> cells() {
    return CELLS.keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void errorsComeInTimeAndAllGoesOnByItself(String cell) throws Throwable {
    try {
      CELLS.get(cell).get();
    } catch (ExecutionException failed) {
      throw failed.getCause();
    }
  }

  private static void requests(FaultyUpstreams gateway, Upstream upstream, Fault fault) {
    if (upstream != Upstream.ISSUER) {
      // The keys of an issuer that were fetched before its fault stay in force.
      assertThat(gateway.isServed(gateway.ask())).isTrue();
    }
    gateway.begin();

    if (fault == Fault.SLOW) {
      assertThat(gateway.isServed(gateway.ask())).isTrue();
    } else {
      askAtOnce(gateway).forEach(answer -> verifyRefusal(upstream, answer));
      Await.until("an answer at once, which says when to come again", () -> isAtOnce(gateway));
      assertThat(gateway.isAlive()).isTrue();
    }

    gateway.end();
    Await.until("it is used again", () -> gateway.isServed(gateway.ask()));
  }

  private static List<HttpResponse<String>> askAtOnce(FaultyUpstreams gateway) {
    return IntStream.range(0, OPENING)
        .mapToObj(_ -> CompletableFuture.supplyAsync(gateway::ask, THREADS))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  private static boolean isAtOnce(FaultyUpstreams gateway) {
    HttpResponse<String> answer = gateway.ask();
    return answer.statusCode() == 503 && answer.headers().firstValue("Retry-After").isPresent();
  }

  private static void verifyRefusal(Upstream upstream, HttpResponse<String> answer) {
    JsonNode problem = ApiClient.json(answer, answer.statusCode());
    ErrorCode code = ErrorCode.valueOf(problem.path("code").asText());
    assertThat(Set.of(upstream.unavailable(), ErrorCode.TIMEOUT)).contains(code);
    assertThat(answer.statusCode()).isEqualTo(code.httpStatus());
    assertThat(problem.path("detail").asText()).endsWith(code.advice());
  }

  private static void turns(FaultyUpstreams gateway, Fault fault) {
    try (TestClient client = gateway.connect()) {
      String session = client.createSession();
      client.join(session);
      gateway.begin();
      if (fault == Fault.SLOW) {
        assertThat(end(client, session)).isEqualTo("turn_complete");
      } else {
        for (int turn = 0; turn <= OPENING; turn++) {
          assertThat(end(client, session))
              .isIn(ErrorCode.PODIUM_UNAVAILABLE.name(), ErrorCode.TIMEOUT.name());
        }
      }

      gateway.end();
      Await.until(
          "a turn of the same session",
          () -> {
            gateway.pause();
            return end(client, session).equals("turn_complete");
          });
    }
  }

  /** How the next turn of the session ends: with an error code, or well. */
  private static String end(TestClient client, String session) {
    client.runTurn(session, "hello");
    JsonNode frame = client.next();
    while (!Set.of("turn_error", "turn_complete").contains(frame.path("type").asText())) {
      frame = client.next();
    }
    return frame.path("code").asText("turn_complete");
  }
}

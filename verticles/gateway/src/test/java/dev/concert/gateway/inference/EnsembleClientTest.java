package dev.concert.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.FakeInference;
import dev.concert.gateway.inference.EnsembleClient.Timeouts;
import dev.concert.gateway.inference.GenerationRequest.Message;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleClientTest {
  private static final GenerationRequest PROMPT =
      new GenerationRequest(
          Optional.of("fast"),
          List.of(new Message("user", "hi")),
          OptionalInt.of(20),
          OptionalDouble.of(0.5));
  private static final EnsembleEndpoint BUS = new EnsembleEndpoint.OnTheBus();

  private final Vertx vertx = Vertx.vertx();
  private ConcertBus bus;

  @BeforeEach
  void start() {
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private EnsembleClient client(EnsembleEndpoint endpoint) {
    return new EnsembleClient(vertx, bus, endpoint);
  }

  private static void assertUnavailable(ThrowingCallable call, String reason) {
    assertThatThrownBy(call)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ConcertException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.ENSEMBLE_UNAVAILABLE);
              assertThat(failure.code().httpStatus()).isEqualTo(503);
              assertThat(failure.getMessage())
                  .startsWith("Ensemble unavailable: ")
                  .contains(reason);
            });
  }

  @Test
  void anAnswerComesWithItsUsageAndIsBookedToTheTenant() {
    FakeInference ensemble = new FakeInference(vertx);
    ensemble.answer = request -> FakeInference.whole(request, "hello");

    assertThat(await(client(BUS).generate("acme", PROMPT)))
        .isEqualTo(new Generation("hello", 7, 3));

    assertThat(ensemble.opened)
        .singleElement()
        .satisfies(one -> assertThat(one.tenantId()).isEqualTo("acme"));
    assertThat(ensemble.asked)
        .singleElement()
        .satisfies(
            body -> {
              assertThat(body.getString("path")).isEqualTo("/api/v1/generate");
              assertThat(body.getString("bearer")).isEqualTo("Bearer the-token");
              assertThat(body.getString("model")).isEqualTo("fast");
              assertThat(body.getInteger("max_tokens")).isEqualTo(20);
              assertThat(body.getDouble("temperature")).isEqualTo(0.5);
            });
    Await.until(() -> ensemble.closed.size() == 1);
    assertThat(ensemble.closed.getFirst().instanceId())
        .isEqualTo(ensemble.opened.getFirst().instanceId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void aStreamComesPieceByPieceWhateverEndsItsLines(String end) {
    FakeInference ensemble = new FakeInference(vertx);
    String stream =
        """
        event: block
        id: 1
        data: {"type":"text","text":"event: error"}

        : still working

        event: block
        id: 2
        data: {"type":"text","text":"lo"}

        event: done
        data: {"id":"x"}

        """;
    ensemble.answer = request -> request.response().setChunked(true).end(stream.replace("\n", end));
    List<String> pieces = new CopyOnWriteArrayList<>();

    await(client(BUS).generateStream("acme", PROMPT, pieces::add));

    assertThat(pieces).containsExactly("event: error", "lo");
  }

  @Test
  void aStreamThatIsNoneOfEnsemblesFails() {
    FakeInference ensemble = new FakeInference(vertx);
    ensemble.answer = request -> request.response().end("event: block\ndata: [\n\n");
    assertUnavailable(() -> await(client(BUS).generateStream("acme", PROMPT, _ -> {})), "");

    ensemble.answer = request -> request.response().end("x".repeat(2_000_000));
    assertUnavailable(
        () -> await(client(BUS).generateStream("acme", PROMPT, _ -> {})), "more than 1 MiB");
  }

  @Test
  void aStreamThatBreaksOffFails() {
    FakeInference ensemble = new FakeInference(vertx);
    ensemble.answer = request -> request.response().end("event: block\ndata: {}\n\n");

    assertUnavailable(
        () -> await(client(BUS).generateStream("acme", PROMPT, _ -> {})), "broke off");
  }

  @Test
  void withoutEnsembleOnTheBusCallsFailAndItIsNotHealthy() {
    assertThat(await(client(BUS).isHealthy())).isFalse();
    assertUnavailable(() -> await(client(BUS).generate("acme", PROMPT)), "");
  }

  @ExpectedLog(
      logger = "dev.concert.gateway.inference.EnsembleClient",
      message = "ENSEMBLE_URL is set but ENSEMBLE_API_KEY is empty")
  @Test
  void anAddressWithoutAKeyIsNoEnsembleAndAWarningSaysSoAtTheStart() {
    EnsembleClient client =
        client(EnsembleEndpoint.from(Map.of("ENSEMBLE_URL", "http://127.0.0.1:1")));

    assertUnavailable(() -> await(client.generate("acme", PROMPT)), "ENSEMBLE_API_KEY is empty");
    assertThat(await(client.isHealthy())).isFalse();
  }

  @Test
  void anAddressAndAKeyOfTheEnvironmentGoBeforeTheBus() {
    FakeInference ensemble = new FakeInference(vertx);
    EnsembleEndpoint named =
        EnsembleEndpoint.from(
            Map.of("ENSEMBLE_URL", ensemble.url() + "/", "ENSEMBLE_API_KEY", "secret-key"));
    assertThat(named.toString()).doesNotContain("secret-key");

    await(client(named).generate("acme", PROMPT));

    assertThat(ensemble.opened).isEmpty();
    assertThat(ensemble.asked.getFirst().getString("bearer")).isEqualTo("Bearer secret-key");
  }

  @Test
  void aFailureDoesNotShowAnAddress() {
    EnsembleEndpoint nowhere = new EnsembleEndpoint.At(URI.create("http://127.0.0.1:1"), "key");

    assertThatThrownBy(() -> await(client(nowhere).generate("acme", PROMPT)))
        .cause()
        .hasMessage("Ensemble unavailable: it cannot be reached.");
  }

  @Test
  void anAnswerThatDoesNotComeIsGivenUp() {
    FakeInference ensemble = new FakeInference(vertx);
    ensemble.answer = _ -> {};
    EnsembleClient impatient =
        new EnsembleClient(
            vertx, bus, BUS, new Timeouts(Duration.ofMillis(50), Duration.ofMillis(50)));

    assertUnavailable(() -> await(impatient.generate("acme", PROMPT)), "no answer within");
  }

  @Test
  void afterFiveFailuresInARowNothingIsSentForAWhile() {
    FakeInference ensemble = new FakeInference(vertx);
    ensemble.answer = request -> request.response().setStatusCode(500).end();
    EnsembleClient client = client(BUS);
    for (int i = 0; i < 5; i++) {
      assertUnavailable(() -> await(client.generate("acme", PROMPT)), "status 500");
    }

    assertUnavailable(() -> await(client.generate("acme", PROMPT)), "several times in a row");

    assertThat(ensemble.asked).hasSize(5);
  }
}

package dev.concert.ensemble.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.access.IssuedKeys;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.allowance.Allowances;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.guardrail.Guardrails;
import dev.concert.ensemble.ledger.AnswerBody;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.OpenedCall;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.metrics.EnsembleMetrics;
import dev.concert.ensemble.provider.EchoModel;
import dev.concert.ensemble.routing.CallRouter;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.ensemble.routing.RoutingOptions;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of the stages, and what a refusal returns. */
class CallPipelineTest {
  private static final String TOKEN = "a-configured-key";
  private static final String BODY =
      "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<OpenedCall> recorded = new CopyOnWriteArrayList<>();
  private volatile Supplier<Future<Void>> disk = Future::succeededFuture;
  private final CallPipeline pipeline = pipeline();

  private CallPipeline pipeline() {
    ModelRegistry models = new ModelRegistry(List.of(new EchoModel().create(vertx, Duration.ZERO)));
    IssuedKeys issued = IssuedKeys.NONE;
    UsageReporter reports =
        call -> {
          events.add("reported " + call.end().outcome());
          return Future.succeededFuture();
        };
    return new CallPipeline(
        vertx,
        new CallServices(
            new AccessTokens(List.of(TOKEN), issued),
            new CallRouter(models, RoutingOptions.DEFAULT),
            Optional.empty(),
            BudgetReservations.alone(new Budgets(Clock.systemUTC())),
            new Allowances((turn, total) -> Future.failedFuture("no allowances here")),
            ledger(),
            ResponseStore.NONE,
            reports,
            new EnsembleMetrics(meters),
            Guardrails.NONE));
  }

  private CallLedger ledger() {
    return call ->
        disk.get()
            .map(
                durable -> {
                  recorded.add(call);
                  events.add("recorded");
                  return (CallReport report, Optional<AnswerBody> response) -> {
                    events.add("settled " + report.end().outcome());
                    return Future.succeededFuture();
                  };
                });
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aCallIsRecordedThenAnsweredThenSettledThenReportedBeforeItsClientReceivesTheEnd() {
    await(start(input(TOKEN, BODY)));
    Await.until(() -> events.contains("client received the end"));

    assertThat(events)
        .startsWith("recorded", "client received a block")
        .endsWith("settled end_turn", "reported end_turn", "client received the end");
    assertThat(recorded.getFirst().form()).isEqualTo("test");
    assertThat(recorded.getFirst().caller()).isInstanceOf(Caller.ConfiguredKey.class);
  }

  @Test
  void anUnknownTokenIsRefusedBeforeTheBodyIsParsed() {
    CallInput unread =
        input(
            "another",
            () -> {
              events.add("parsed");
              throw new AssertionError();
            });

    assertThat(refusal(unread)).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(events).isEmpty();
  }

  @Test
  void anInvalidBodyIsRefusedAndNothingIsRecordedOrCounted() {
    assertThat(refusal(input(TOKEN, "{}"))).isEqualTo(ErrorCode.INVALID_MESSAGE);

    assertThat(events).isEmpty();
    assertThat(meters.find("ensemble.refused").counter()).isNull();
  }

  @Test
  void anUnknownModelIsRefusedAndCounted() {
    assertThat(refusal(input(TOKEN, BODY.replace("demo", "none"))))
        .isEqualTo(ErrorCode.MODEL_UNKNOWN);

    assertThat(events).isEmpty();
    assertThat(meters.counter("ensemble.refused", "code", "model_unknown").count()).isEqualTo(1);
  }

  @Test
  void aModelThatCannotServeTheRequestIsNotCalled() {
    String picture =
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content_blocks\":[{\"type\":\"image\","
            + "\"source\":{\"type\":\"url\",\"url\":\"http://x/y.png\"}}]}]}";

    assertThat(refusal(input(TOKEN, picture))).isEqualTo(ErrorCode.INVALID_MESSAGE);
    assertThat(events).isEmpty();
  }

  @Test
  void aCallThatCannotBeRecordedIsNotMade() {
    disk =
        () ->
            Future.failedFuture(
                new ConcertException(ErrorCode.ENSEMBLE_UNAVAILABLE, "The disk is full."));

    assertThat(refusal(input(TOKEN, BODY))).isEqualTo(ErrorCode.ENSEMBLE_UNAVAILABLE);

    assertThat(events).isEmpty();
    assertThat(meters.counter("ensemble.refused", "code", "ensemble_unavailable").count())
        .isEqualTo(1);
  }

  @Test
  void aSlowLedgerDelaysTheCallAndNoOther() {
    Promise<Void> slow = Promise.promise();
    disk =
        () -> {
          events.add("waiting for the disk");
          return slow.future();
        };
    Future<InferenceCall> first = start(input(TOKEN, BODY));
    Await.until(() -> events.contains("waiting for the disk"));
    disk = Future::succeededFuture;

    await(start(input(TOKEN, BODY)));
    Await.until(() -> events.contains("client received the end"));

    assertThat(first.isComplete()).isFalse();
    vertx.runOnContext(now -> slow.complete());
    await(first);
  }

  @Test
  void aDrainingPipelineRefusesNewCallsButStillNamesWhatIsWrongWithARequest() {
    await(onContext(() -> pipeline.active().stop(vertx, Duration.ofSeconds(1))));

    assertThat(refusal(input(TOKEN, BODY))).isEqualTo(ErrorCode.ENSEMBLE_UNAVAILABLE);
    assertThat(refusal(input(TOKEN, "{}"))).isEqualTo(ErrorCode.INVALID_MESSAGE);
  }

  @Test
  void tokensAreCountedWithoutACall() {
    InferenceRequest request = RequestReader.read(Buffer.buffer(BODY));
    Caller caller = new AccessTokens(List.of(TOKEN), IssuedKeys.NONE).caller(Optional.of(TOKEN));

    assertThat(await(onContext(() -> pipeline.countTokens(caller, BODY.length(), () -> request))))
        .isPositive();
    assertThat(events).isEmpty();
  }

  @Test
  void theInputDoesNotShowItsToken() {
    assertThat(input(TOKEN, BODY).toString()).doesNotContain(TOKEN);
    assertThat(TokenHash.of(TOKEN).hex()).doesNotContain(TOKEN);
  }

  private CallInput input(String token, String body) {
    return input(
        token,
        () ->
            new CallInput.Parsed(
                RequestReader.read(Buffer.buffer(body)), () -> new RecordedSink(events)));
  }

  private static CallInput input(String token, Supplier<CallInput.Parsed> parser) {
    return new CallInput(
        "r-1",
        Optional.of(token),
        100,
        new Content(parser),
        "test",
        Optional.empty(),
        true,
        left -> {},
        System.nanoTime());
  }

  private record Content(Supplier<CallInput.Parsed> parser) implements CallInput.Content {
    @Override
    public CallInput.Parsed parsed() {
      return parser.get();
    }

    @Override
    public Buffer bytes() {
      return Buffer.buffer(BODY);
    }

    @Override
    public Content with(Buffer other) {
      throw new AssertionError("no guardrail changes anything here");
    }
  }

  private ErrorCode refusal(CallInput input) {
    List<ErrorCode> codes = new ArrayList<>();
    assertThatThrownBy(() -> await(start(input)))
        .satisfies(failure -> codes.add(Problem.of(failure).code()));
    return codes.getFirst();
  }

  private Future<InferenceCall> start(CallInput input) {
    return onContext(() -> pipeline.start(input));
  }

  private <T> Future<T> onContext(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    vertx.getOrCreateContext().runOnContext(now -> action.get().onComplete(promise));
    return promise.future();
  }

  private static <T> T await(Future<T> future) {
    return dev.concert.ensemble.RunningEnsemble.await(future);
  }

  private record RecordedSink(List<String> events) implements ResponseSink {
    @Override
    public void block(Block block) {
      if (block instanceof TextBlock && !events.contains("client received a block")) {
        events.add("client received a block");
      }
    }

    @Override
    public void done(InferenceResponse response) {
      events.add("client received the end");
    }

    @Override
    public void failed(Problem problem) {
      events.add("client received " + problem.code());
    }

    @Override
    public boolean full() {
      return false;
    }

    @Override
    public void whenDrained(Runnable action) {
      action.run();
    }
  }
}

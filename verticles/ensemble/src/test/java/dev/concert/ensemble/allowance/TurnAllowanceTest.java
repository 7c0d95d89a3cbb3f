package dev.concert.ensemble.allowance;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.credit.CreditMessages.CloseAllowance;
import dev.concert.credit.CreditMessages.EndedCall;
import dev.concert.credit.CreditMessages.ExtendReservation;
import dev.concert.credit.CreditMessages.ForgetAllowances;
import dev.concert.credit.CreditMessages.ReservationExtended;
import dev.concert.credit.CreditMessages.SetAllowance;
import dev.concert.credit.CreditMessages.TurnCalls;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.OpenAccess;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The allowance of a turn as its agent and the gateway meet it. A call here may cost up to 0.0151
 * dollars (1,000 tokens of answer at 15 dollars a million, and its prompt) and costs 0.0153.
 */
@ExpectedLog(
    logger = "dev.concert.ensemble.usage.BusUsageReporter",
    message = "Cannot report the usage",
    required = false)
@ExpectedLog(
    logger = "dev.concert.bus.Endpoint",
    message = "Request reservation.extend to gateway.* failed",
    required = false)
@ExpectedLog(
    logger = "dev.concert.ensemble.http.ErrorHandler",
    message = "Request .* failed",
    required = false)
class TurnAllowanceTest {
  private static final String BODY =
      "{\"model\":\"real\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String PATH = "/api/v1/generate";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private final List<ExtendReservation> extensions = new CopyOnWriteArrayList<>();

  /** The tenant's credit, as a gateway has it. */
  private volatile BigDecimal credit = BigDecimal.ZERO;

  private RunningEnsemble ensemble;
  private EnsembleClient agent;

  @BeforeEach
  void start() {
    upstream.events(data(text("hi"), finish("stop"), usage(100, 0, 1000), "[DONE]"));
    run();
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private void run() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")));
    ensemble.bus().serve(Addresses.EXTEND_RESERVATION, this::extend);
    agent = agent("one");
  }

  private Future<ReservationExtended> extend(ExtendReservation request) {
    extensions.add(request);
    return new BigDecimal(request.total()).compareTo(credit) <= 0
        ? Future.succeededFuture(new ReservationExtended(request.total()))
        : Future.failedFuture(
            new ConcertException(ErrorCode.INSUFFICIENT_CREDITS, "Only so much is left."));
  }

  private EnsembleClient agent(String instance) {
    return ensemble.client(ensemble.open(instance).token());
  }

  private void allow(String instance, String turn, String amount) {
    ask(
        Addresses.SET_ALLOWANCE,
        new SetAllowance(instance, "tenant-1", turn, amount, ensemble.bus().node()));
  }

  private TurnCalls close(String instance, String turn) {
    return ask(Addresses.CLOSE_ALLOWANCE, new CloseAllowance(instance, turn));
  }

  private <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return RunningEnsemble.await(ensemble.bus().request(address, request, SOON));
  }

  @Test
  void anAgentOfATenantWithoutBillingHasNoLimit() {
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(200);
    assertThat(extensions).isEmpty();
  }

  @Test
  void aCallWithinTheAllowanceAsksNobody() {
    allow("one", "t", "0.02");
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(200);
    assertThat(extensions).isEmpty();
  }

  @Test
  void aCallBeyondTheAllowanceHasTheReservationExtendedByWhatIsMissing() {
    credit = new BigDecimal("1");
    allow("one", "t", "0.02");
    agent.post(PATH, BODY);
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(200);
    assertThat(extensions)
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.turnId()).isEqualTo("t");
              assertThat(asked.tenantId()).isEqualTo("tenant-1");
              assertThat(new BigDecimal(asked.total()))
                  .isBetween(new BigDecimal("0.0303"), new BigDecimal("0.0305"));
            });
  }

  @Test
  void aCallThatTheCreditDoesNotCoverIsRefusedAndNotMade() {
    credit = new BigDecimal("0.03");
    allow("one", "t", "0.02");
    agent.post(PATH, BODY);
    HttpResponse<String> refused = agent.post(PATH, BODY);
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(EnsembleClient.json(refused.body()).at("/error/code").asText())
        .isEqualTo("INSUFFICIENT_CREDITS");
    assertThat(refused.body()).contains("Only so much is left.");
    assertThat(upstream.bodies).hasSize(1);
    assertThat(close("one", "t").ended()).hasSize(1);
  }

  @Test
  void ofManyCallsAtOnceOnlyThoseAreMadeThatTheCreditCovers() throws Exception {
    credit = new BigDecimal("0.08");
    allow("one", "t", "0");
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int call = 0; call < 20; call++) {
      calls.add(() -> agent.post(PATH, BODY).statusCode());
    }
    long answered = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : threads.invokeAll(calls)) {
        answered += call.get() == 200 ? 1 : 0;
      }
    }
    assertThat(answered).isBetween(1L, 5L);
    TurnCalls settled = close("one", "t");
    assertThat(settled.open()).isZero();
    assertThat(settled.ended()).hasSize((int) answered);
    assertThat(cost(settled)).isLessThanOrEqualTo(credit);
  }

  private static BigDecimal cost(TurnCalls calls) {
    return calls.ended().stream()
        .map(EndedCall::cost)
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void theCallsOfATurnAreAnsweredWithTheirExactCostAlsoAfterARestart() {
    credit = new BigDecimal("1");
    allow("one", "t1", "1");
    agent.post(PATH, BODY);
    agent.post(PATH, BODY);
    allow("one", "t2", "1");
    agent.post(PATH, BODY);
    assertThat(close("one", "t1").ended())
        .extracting(EndedCall::cost)
        .containsExactly("0.0153", "0.0153");
    ensemble.close();
    run();
    assertThat(close("one", "t1").ended()).hasSize(2);
    assertThat(close("one", "t2").ended()).hasSize(1);
    assertThat(close("one", "never").ended()).isEmpty();
  }

  @Test
  void aCallInProgressIsOpenUntilItsCostIsKnown() {
    allow("one", "t", "1");
    Promise<HttpServerResponse> asked = Promise.promise();
    upstream.script(asked::complete);
    Future<Integer> call =
        ensemble.vertx().executeBlocking(() -> agent.post(PATH, BODY).statusCode(), false);
    HttpServerResponse response = RunningEnsemble.await(asked.future());
    assertThat(close("one", "t")).isEqualTo(new TurnCalls(List.of(), 1));
    Upstream.begin(response).end(data(text("hi"), finish("stop"), usage(100, 0, 1000), "[DONE]"));
    assertThat(RunningEnsemble.await(call)).isEqualTo(200);
    Await.until(() -> close("one", "t").open() == 0);
    assertThat(close("one", "t").ended()).extracting(EndedCall::cost).containsExactly("0.0153");
  }

  @Test
  void anAgentBetweenTwoTurnsMakesNoCalls() {
    allow("one", "t", "1");
    close("one", "t");
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(409);
    assertThat(agent("another").post(PATH, BODY).statusCode()).isEqualTo(409);
    ask(Addresses.FORGET_ALLOWANCES, new ForgetAllowances("tenant-1"));
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(200);
  }

  @Test
  void theGatewayItselfNeedsNoTurn() {
    allow("one", "t", "1");
    close("one", "t");
    EnsembleClient gateway = agent(OpenAccess.GATEWAY + "names");
    assertThat(gateway.post(PATH, BODY).statusCode()).isEqualTo(200);
  }

  @Test
  void aSilentGatewayEndsTheCallAndNotTheTurn() {
    ensemble.bus().serve(Addresses.EXTEND_RESERVATION, _ -> Future.failedFuture("gone"));
    allow("one", "t", "0");
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(500);
    allow("one", "t2", "1");
    assertThat(agent.post(PATH, BODY).statusCode()).isEqualTo(200);
    assertThat(close("one", "t")).isEqualTo(new TurnCalls(List.of(), 0));
  }

  @Test
  void withoutAUsageLedgerNothingIsAllowed() {
    try (RunningEnsemble bare = new RunningEnsemble(upstream.options())) {
      Future<?> set =
          bare.bus()
              .request(
                  Addresses.SET_ALLOWANCE, new SetAllowance("one", "t", "t", "1", "local"), SOON);
      assertThat(set.otherwise(_ -> null).map(_ -> true).await()).isTrue();
      assertThat(set.cause()).hasMessageContaining("no usage ledger");
    }
  }
}

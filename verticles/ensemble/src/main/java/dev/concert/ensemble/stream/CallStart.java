package dev.concert.ensemble.stream;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.admission.Admitted;
import dev.concert.ensemble.budget.BudgetReservation;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.OpenedCall;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.metrics.EnsembleMetrics;
import dev.concert.ensemble.model.RequestFit;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.Attempts;
import dev.concert.ensemble.routing.Router;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The one way to a model for every form of the API: a call is admitted, routed, written down, and
 * only then made. What it may not be made for is told before anything of an answer exists.
 *
 * <p>Used from the context of the verticle; never blocks.
 */
public final class CallStart {
  private final Vertx vertx;
  private final Router router;
  private final Optional<Admission> admission;
  private final Budgets budgets;
  private final CallLedger ledger;
  private final AnswerKeeping keeping;
  private final UsageReporter usage;
  private final EnsembleMetrics metrics;
  private final OpenCalls open = new OpenCalls();

  /**
   * @param usage hears of the end of every call, after the ledger
   */
  public CallStart(
      Vertx vertx,
      Router router,
      Optional<Admission> admission,
      Budgets budgets,
      CallLedger ledger,
      AnswerKeeping keeping,
      UsageReporter usage,
      EnsembleMetrics metrics) {
    this.metrics = metrics;
    this.vertx = vertx;
    this.router = router;
    this.admission = admission;
    this.budgets = budgets;
    this.ledger = ledger;
    this.keeping = keeping;
    this.usage = usage;
  }

  /**
   * What a prompt says about its call.
   *
   * @param tokens an estimate of its own
   * @param withAnswer an estimate of its own and those of a usual answer
   * @param prefixes what decides where it goes
   */
  public record Prompt(long tokens, long withAnswer, Prefixes prefixes) {
    TokenCount estimate() {
      return TokenCount.estimate(tokens, withAnswer - tokens);
    }
  }

  /**
   * Somebody who asks.
   *
   * @param form which API, for example {@code messages}
   * @param session calls of one are best answered in one place
   * @param admitted hears what was taken of a key's limits, before the answer begins
   * @param outlives whether its answer is wanted when the client is gone, where answers are kept
   * @param answer makes where the answer goes, once it is known that there will be one
   * @param arrived when the whole request was there, of {@code System.nanoTime()}
   */
  public record Ask(
      CallIdentity identity,
      InferenceRequest request,
      Prompt prompt,
      String form,
      Optional<String> session,
      Consumer<Admitted> admitted,
      boolean outlives,
      Supplier<AnswerSink> answer,
      long arrived) {}

  /**
   * Reads the whole prompt: for a large one on a worker. Thread-safe.
   *
   * @throws ConcertException {@code FORBIDDEN} before anything is said about the model, or what
   *     there is to say about it
   */
  public Prompt prompt(Caller caller, InferenceRequest request) {
    try {
      if (admission.isPresent() && caller instanceof Caller.IssuedKey key) {
        admission.get().permit(key, request.model());
      }
      long tokens = TokenEstimate.ofPrompt(request);
      return new Prompt(tokens, tokens + CallEstimate.usualAnswer(request), router.read(request));
    } catch (ConcertException unknown) {
      metrics.refused(unknown.code());
      throw unknown;
    }
  }

  /** Starts a call; fails with a {@code ConcertException} where it is not made. */
  public Future<RunningCall> start(Ask ask) {
    return open.make(() -> made(ask))
        .onSuccess(call -> metrics.asked(ask.form(), System.nanoTime() - ask.arrived()))
        .onFailure(refused -> metrics.refused(Problem.of(refused).code()));
  }

  /** The calls under way. */
  public OpenCalls open() {
    return open;
  }

  /**
   * Lets a prompt be counted that is not sent, as a call of its own kind that costs nothing.
   *
   * @throws ConcertException where the caller may not
   */
  public void admitCount(Caller caller, String model) {
    if (admission.isPresent() && caller instanceof Caller.IssuedKey key) {
      try {
        admission.get().admitCount(key, model);
      } catch (ConcertException refused) {
        metrics.refused(refused.code());
        throw refused;
      }
    }
  }

  private Future<RunningCall> made(Ask ask) {
    Optional<Admitted> admitted;
    try {
      admitted = admit(ask);
    } catch (ConcertException refused) {
      return Future.failedFuture(refused);
    }
    admitted.ifPresent(ask.admitted());
    return routed(ask, admitted).onFailure(notMade -> admitted.ifPresent(Admitted::giveBack));
  }

  /** Holds an issued key to its limits; others have none. */
  private Optional<Admitted> admit(Ask ask) {
    return admission.isPresent() && ask.identity().caller() instanceof Caller.IssuedKey key
        ? Optional.of(admission.get().admit(key, ask.request().model(), ask.prompt().withAnswer()))
        : Optional.empty();
  }

  private Future<RunningCall> routed(Ask ask, Optional<Admitted> admitted) {
    try {
      Attempts attempts =
          router.attempts(
              ask.request().model(),
              ask.prompt().prefixes(),
              ask.session(),
              ask.prompt().estimate());
      Attempt first = attempts.first();
      return booked(ask, attempts, first, admitted)
          .onFailure(notMade -> attempts.end(TokenCount.NONE));
    } catch (ConcertException nowhere) {
      return Future.failedFuture(nowhere);
    }
  }

  private Future<RunningCall> booked(
      Ask ask, Attempts attempts, Attempt first, Optional<Admitted> admitted) {
    BudgetReservation money;
    try {
      RequestFit.check(ask.request(), first.route().model());
      money = reserve(ask, attempts, admitted);
    } catch (ConcertException refused) {
      return Future.failedFuture(refused);
    }
    return ledger
        .open(opened(ask, first))
        .map(
            booked -> {
              AnswerKeeping.Kept kept =
                  keeping.begin(ask.identity(), ask.outlives(), ask.answer().get());
              UsageReporter end = call -> booked.settle(call, kept.body(call));
              RunningCall call =
                  new RunningCall(
                      vertx,
                      ask.identity(),
                      attempts,
                      first,
                      ask.request(),
                      kept.sink(),
                      reporter(end, admitted, money));
              kept.started(call);
              return call;
            })
        .onFailure(notMade -> money.settle(BigDecimal.ZERO));
  }

  /** What the call might cost at most, whoever answers in the end. */
  private BudgetReservation reserve(Ask ask, Attempts attempts, Optional<Admitted> admitted) {
    long prompt = ask.prompt().tokens();
    return budgets.reserve(
        admitted.map(Admitted::accounts).orElse(List.of()),
        attempts.most(
            model ->
                model
                    .price()
                    .mostCost(prompt, CallEstimate.of(prompt, ask.request(), model).most())));
  }

  private static OpenedCall opened(Ask ask, Attempt first) {
    ServedModel model = first.route().model();
    return new OpenedCall(
        ask.identity().requestId(),
        ask.identity().caller(),
        ask.session(),
        ask.form(),
        model,
        first.decision().endpoint().id(),
        CallEstimate.of(ask.prompt().tokens(), ask.request(), model),
        Instant.now());
  }

  private UsageReporter reporter(
      UsageReporter booked, Optional<Admitted> admitted, BudgetReservation money) {
    UsageReporter told = settling(money).and(booked).and(usage);
    return admitted.map(call -> call.settling().and(told)).orElse(told);
  }

  private static UsageReporter settling(BudgetReservation money) {
    return call -> {
      money.settle(call.cost());
      return Future.succeededFuture();
    };
  }
}

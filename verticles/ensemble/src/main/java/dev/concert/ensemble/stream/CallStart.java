package dev.concert.ensemble.stream;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.admission.Admitted;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.OpenedCall;
import dev.concert.ensemble.message.InferenceRequest;
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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
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
  private final CallLedger ledger;
  private final UsageReporter usage;

  /**
   * @param usage hears of the end of every call, after the ledger
   */
  public CallStart(
      Vertx vertx,
      Router router,
      Optional<Admission> admission,
      CallLedger ledger,
      UsageReporter usage) {
    this.vertx = vertx;
    this.router = router;
    this.admission = admission;
    this.ledger = ledger;
    this.usage = usage;
  }

  /**
   * What a prompt says about its call.
   *
   * @param tokens an estimate of its own
   * @param withAnswer an estimate of its own and those of a usual answer
   * @param prefixes what decides where it goes
   */
  public record Prompt(long tokens, long withAnswer, Prefixes prefixes) {}

  /**
   * Somebody who asks.
   *
   * @param form which API, for example {@code messages}
   * @param session calls of one are best answered in one place
   * @param admitted hears what was taken of a key's limits, before the answer begins
   * @param answer makes where the answer goes, once it is known that there will be one
   */
  public record Ask(
      CallIdentity identity,
      InferenceRequest request,
      Prompt prompt,
      String form,
      Optional<String> session,
      Consumer<Admitted> admitted,
      Supplier<AnswerSink> answer) {}

  /** Reads the whole prompt: for a large one on a worker. Thread-safe. */
  public Prompt prompt(InferenceRequest request) {
    long tokens = TokenEstimate.ofPrompt(request);
    return new Prompt(tokens, tokens + CallEstimate.usualAnswer(request), router.read(request));
  }

  /** Starts a call; fails with a {@code ConcertException} where it is not made. */
  public Future<RunningCall> start(Ask ask) {
    try {
      Optional<Admitted> admitted = admit(ask);
      admitted.ifPresent(ask.admitted());
      return routed(ask, admitted).onFailure(notMade -> admitted.ifPresent(Admitted::giveBack));
    } catch (ConcertException refused) {
      return Future.failedFuture(refused);
    }
  }

  /** Holds an issued key to its limits; others have none. */
  private Optional<Admitted> admit(Ask ask) {
    return admission.isPresent() && ask.identity().caller() instanceof Caller.IssuedKey key
        ? Optional.of(admission.get().admit(key, ask.request().model(), ask.prompt().withAnswer()))
        : Optional.empty();
  }

  private Future<RunningCall> routed(Ask ask, Optional<Admitted> admitted) {
    Attempts attempts;
    Attempt first;
    try {
      attempts =
          router.attempts(
              ask.request().model(),
              ask.prompt().prefixes(),
              ask.session(),
              ask.prompt().withAnswer());
      first = attempts.first();
    } catch (ConcertException nowhere) {
      return Future.failedFuture(nowhere);
    }
    return opened(ask, first)
        .map(booked -> call(ask, attempts, first, reporter(booked, admitted)))
        .onFailure(notMade -> attempts.end(TokenCount.NONE));
  }

  private Future<UsageReporter> opened(Ask ask, Attempt first) {
    ServedModel model = first.route().model();
    try {
      RequestFit.check(ask.request(), model);
    } catch (ConcertException unfit) {
      return Future.failedFuture(unfit);
    }
    return ledger.open(
        new OpenedCall(
            ask.identity().requestId(),
            ask.identity().caller(),
            ask.session(),
            ask.form(),
            model,
            first.decision().endpoint().id(),
            CallEstimate.of(ask.prompt().tokens(), ask.request(), model),
            Instant.now()));
  }

  private UsageReporter reporter(UsageReporter booked, Optional<Admitted> admitted) {
    UsageReporter told = booked.and(usage);
    return admitted.map(call -> call.settling().and(told)).orElse(told);
  }

  private RunningCall call(Ask ask, Attempts attempts, Attempt first, UsageReporter reporter) {
    return new RunningCall(
        vertx, ask.identity(), attempts, first, ask.request(), ask.answer().get(), reporter);
  }
}

package dev.concert.ensemble.stream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.RequestFit;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.Outcome;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.Attempts;
import dev.concert.ensemble.routing.Routing;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * One model call: joins a provider's stream to a client, watches it, and settles it once.
 *
 * <p>It ends in one of four ways, whichever comes first: the provider ends, the provider fails, a
 * time-out, the client goes away. Usage is reported before the client hears of the end.
 *
 * <p>Not thread-safe: lives on the context that started it.
 */
public final class RunningCall {
  private final CallIdentity identity;
  private final Vertx vertx;
  private final Attempts attempts;
  private final InferenceRequest request;
  private final AnswerSink answer;
  private final UsageReporter usage;
  private final BlockCollector collected = new BlockCollector();
  private final CallLog log;
  private final Promise<Void> told = Promise.promise();
  private Attempt attempt;
  private Watchdog watchdog;
  private ProviderCall upstream;
  private boolean shown;
  private boolean ended;
  private boolean held;

  /** Starts the call. */
  public RunningCall(
      Vertx vertx,
      CallIdentity identity,
      Attempts attempts,
      Attempt first,
      InferenceRequest request,
      AnswerSink answer,
      UsageReporter usage) {
    this.identity = identity;
    this.vertx = vertx;
    this.attempts = attempts;
    this.request = request;
    this.answer = answer;
    this.usage = usage;
    this.log = new CallLog(identity);
    try {
      begin(first);
    } catch (RuntimeException refused) {
      settle(new CallReport.End.Failed(Problem.of(refused)), TokenCount.NONE, () -> {});
      throw refused;
    }
  }

  private void begin(Attempt next) {
    attempt = next;
    log.attempt(next);
    ServedModel model = next.route().model();
    try {
      RequestFit.check(request, model);
      watchdog = new Watchdog(vertx, model.patience(), model.totalTimeout(), this::timeOut);
      upstream = next.route().provider().start(model, request, this::onBlock);
      log.asked();
    } catch (RuntimeException refused) {
      attempts.end(TokenCount.NONE);
      throw refused;
    }
    upstream.outcome().onSuccess(this::onOutcome).onFailure(this::onFailure);
  }

  /** Another try, where nobody has seen anything of this one. */
  private boolean triedAgain(Throwable failure) {
    if (shown) {
      return false;
    }
    Optional<Attempt> next = attempts.after(failure);
    if (next.isEmpty()) {
      return false;
    }
    watchdog.stop();
    log.heard();
    log.retry(failure, next.get());
    try {
      begin(next.get());
      return true;
    } catch (ConcertException unfit) {
      // The stand-in cannot take the request: the first failure says more.
      return false;
    }
  }

  /**
   * The client is no longer there. Nobody will read the rest, so it is not asked for, unless it is
   * kept.
   */
  public void clientGone() {
    if (ended) {
      return;
    }
    if (answer.outlivesClient()) {
      goOn();
    } else if (end()) {
      TokenCount tokens = stopped();
      log.gone(tokens);
      settle(new CallReport.End.Left(), tokens, () -> {});
    }
  }

  /** Whoever asked does not want it any more. Nothing happens when it has ended. */
  public void cancel() {
    giveUp(new Problem(ErrorCode.CALL_CANCELLED, "The call was cancelled."));
  }

  /** Ensemble stops and cannot wait for its end. Nothing happens when it has ended. */
  void cutAtStop() {
    giveUp(
        new Problem(
            ErrorCode.ENSEMBLE_UNAVAILABLE,
            "Ensemble was stopped before the answer was complete."));
  }

  private void giveUp(Problem problem) {
    if (end()) {
      TokenCount tokens = stopped();
      log.gaveUp(problem.code(), tokens);
      settle(new CallReport.End.Failed(problem), tokens, () -> answer.failed(problem));
    }
  }

  /** Completes when it has ended, is settled, and its client was told. */
  Future<Void> told() {
    return told.future();
  }

  /** Who answers, or was asked last. */
  public ServedModel model() {
    return attempt.route().model();
  }

  /** Why they were asked. */
  public Routing routing() {
    return Routing.of(attempt);
  }

  /** How long providers have been asked for this call, in nanoseconds, until now. */
  public long upstreamNanos() {
    return log.upstreamNanos();
  }

  private TokenCount stopped() {
    upstream.cancel();
    TokenCount tokens = soFar();
    attempts.end(tokens);
    return tokens;
  }

  private void onBlock(Block block) {
    if (ended) {
      return;
    }
    shown = true;
    watchdog.sign();
    log.piece();
    collected.add(block);
    answer.block(block);
    if (answer.full() && !held) {
      hold();
    }
  }

  private void hold() {
    held = true;
    upstream.pause();
    watchdog.suspend();
    answer.whenDrained(this::goOn);
  }

  private void goOn() {
    if (held) {
      held = false;
      watchdog.goOn();
      upstream.resume();
    }
  }

  private void onOutcome(Outcome outcome) {
    if (!end()) {
      return;
    }
    TokenCount tokens = outcome.usage().orElseGet(this::soFar);
    attempts.answered(tokens);
    InferenceResponse response = response(outcome, tokens);
    log.done(outcome.finishReason(), tokens, response.cost());
    settle(new CallReport.End.Answered(response), tokens, () -> answer.done(response));
  }

  private void timeOut(Watchdog.Alarm alarm) {
    ServedModel model = attempt.route().model();
    String what =
        switch (alarm) {
          case SILENCE -> "sent nothing for " + model.patience().toSeconds() + " s";
          case LENGTH -> "was not done within " + model.totalTimeout().toSeconds() + " s";
        };
    upstream.timeOut();
    onFailure(
        new ConcertException(ErrorCode.TIMEOUT, "The model '" + model.id() + "' " + what + "."));
  }

  private void onFailure(Throwable failure) {
    if (ended || triedAgain(failure) || !end()) {
      return;
    }
    // With neither a block nor a count nothing was answered, and providers do not charge for that.
    TokenCount tokens =
        collected.characters() == 0 && upstream.counted().isEmpty() ? TokenCount.NONE : soFar();
    attempts.end(tokens);
    log.failed(failure, tokens);
    Problem problem = Problem.of(failure);
    settle(new CallReport.End.Failed(problem), tokens, () -> answer.failed(problem));
  }

  private boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    watchdog.stop();
    log.heard();
    return true;
  }

  private void settle(CallReport.End end, TokenCount tokens, Runnable then) {
    CallReport report =
        new CallReport(
            identity.caller(),
            attempt.route().model(),
            attempt.decision().endpoint().id(),
            attempt.number(),
            tokens,
            end,
            log.times());
    usage
        .report(report)
        .onComplete(
            reported -> {
              then.run();
              told.complete();
            });
  }

  private TokenCount soFar() {
    long output = TokenEstimate.ofCharacters(collected.characters());
    return upstream
        .counted()
        .map(counted -> counted.withOutputAtLeast(output))
        .orElseGet(() -> TokenCount.estimate(TokenEstimate.ofPrompt(request), output));
  }

  private String cost(TokenCount tokens) {
    return Price.plain(attempt.route().model().price().cost(tokens));
  }

  private InferenceResponse response(Outcome outcome, TokenCount tokens) {
    return new InferenceResponse(
        identity.requestId(),
        attempt.route().model().id(),
        attempt.route().model().provider(),
        collected.blocks(),
        tokens.input(),
        tokens.output(),
        tokens.cached(),
        tokens.cacheWrite(),
        tokens.reasoning(),
        cost(tokens),
        outcome.finishReason(),
        outcome.stopSequence().orElse(null),
        outcome.theirReason().orElse(null),
        routing());
  }
}

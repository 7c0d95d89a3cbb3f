package dev.concert.ensemble.call;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.message.RoutingSummary;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.CallAttempts;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call at its provider: passes the provider's stream to the client, retries at other endpoints,
 * enforces timeouts, and settles once.
 *
 * <p>It ends in one of four ways, whichever comes first: the provider completes, the provider
 * fails, a timeout expires, the client disconnects. Usage is reported before the client receives
 * the end.
 *
 * <p>Not thread-safe: lives on the context that started it.
 */
public final class InferenceCall {
  private final CallIdentity identity;
  private final Vertx vertx;
  private final CallStarter starter;
  private final CallAttempts attempts;
  private final InferenceRequest request;
  private final ResponseSink answer;
  private final UsageReporter usage;
  private final BlockCollector collected = new BlockCollector();
  private final CallLog log;
  private final Promise<Void> ended = Promise.promise();
  private Attempt attempt;
  private CallTimeouts timeouts;
  private ProviderCall upstream;
  private boolean shown;
  private boolean over;
  private boolean paused;
  private boolean waiting;

  /** Starts the call. */
  public InferenceCall(
      Vertx vertx,
      CallStarter starter,
      CallIdentity identity,
      CallAttempts attempts,
      Attempt first,
      InferenceRequest request,
      ResponseSink answer,
      UsageReporter usage) {
    this.identity = identity;
    this.vertx = vertx;
    this.starter = starter;
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
      List<String> dropped = CapabilityCheck.check(request, next.route());
      answer.dropped(dropped);
      log.dropped(dropped);
      timeouts = new CallTimeouts(vertx, model.timeout(), model.totalTimeout(), this::timeOut);
      upstream = starter.start(next.route().provider(), model, request, new Answer());
      log.providerCalled();
    } catch (RuntimeException refused) {
      attempts.end(TokenCount.NONE);
      throw refused;
    }
    upstream.outcome().onSuccess(this::onOutcome).onFailure(this::onFailure);
  }

  /** Retries at another endpoint, if the client has not received anything yet. */
  private boolean retried(Throwable failure) {
    return !shown && begun(attempts.after(failure), failure);
  }

  private boolean begun(Optional<Attempt> next, Throwable failure) {
    try {
      timeouts.stop();
      log.answered();
      next.ifPresent(
          attempt -> {
            log.retry(failure, attempt);
            begin(attempt);
          });
      return next.isPresent();
    } catch (ConcertException unfit) {
      // The fallback model cannot serve the request: the first failure says more.
      return false;
    }
  }

  /** Waits and calls again, if the failure passes by itself and the client has received nothing. */
  private boolean waits(Throwable failure) {
    OptionalLong pause = shown ? OptionalLong.empty() : attempts.pauseAfter(failure);
    pause.ifPresent(
        milliseconds -> {
          waiting = true;
          timeouts.stop();
          log.answered();
          vertx.setTimer(Math.max(1, milliseconds), timer -> callAgain(failure));
        });
    return waiting;
  }

  private void callAgain(Throwable failure) {
    waiting = false;
    if (!over && !begun(attempts.again(), failure)) {
      end();
      fail(failure);
    }
  }

  /** The client has disconnected. The call is cancelled, unless its response is stored. */
  public void clientGone() {
    if (over) {
      return;
    }
    if (answer.outlivesClient()) {
      resume();
    } else if (end()) {
      TokenCount tokens = stopped();
      log.clientGone(tokens);
      settle(new CallReport.End.Left(), tokens, answer::left);
    }
  }

  /** Cancels the call, if it has not ended. */
  public void cancel() {
    endWith(new Problem(ErrorCode.CALL_CANCELLED, "The call was cancelled."));
  }

  /** Cuts the call off because Ensemble stops, if it has not ended. */
  void cutOff() {
    endWith(
        new Problem(
            ErrorCode.ENSEMBLE_UNAVAILABLE,
            "Ensemble was stopped before the answer was complete."));
  }

  /** Ends the call because its key was revoked, if it has not ended. */
  void revoke() {
    endWith(new Problem(ErrorCode.AUTH_FAILED, "This key is no longer valid."));
  }

  Caller caller() {
    return identity.caller();
  }

  private void endWith(Problem problem) {
    if (end()) {
      TokenCount tokens = stopped();
      log.cancelled(problem.code(), tokens);
      settle(new CallReport.End.Failed(problem), tokens, () -> answer.failed(problem));
    }
  }

  /** Completes when the call has ended and is settled and its client has received the end. */
  Future<Void> ended() {
    return ended.future();
  }

  /** The model that answers, or was called last. */
  public ServedModel model() {
    return attempt.route().model();
  }

  /** Where the call went and why. */
  public RoutingSummary routing() {
    return attempt.summary();
  }

  /** Nanoseconds of waiting for providers, until now. */
  public long upstreamNanos() {
    return log.upstreamNanos();
  }

  private TokenCount stopped() {
    upstream.cancel();
    // Between two calls no provider does anything that costs.
    TokenCount tokens = waiting ? TokenCount.NONE : soFar();
    attempts.end(tokens);
    return tokens;
  }

  /** What the provider sends; also events that are passed on as they are. */
  private final class Answer implements AnswerSink {
    @Override
    public void accept(Block block) {
      onBlock(block);
    }

    @Override
    public void arrived() {
      if (!over) {
        timeouts.blockArrived();
      }
    }

    @Override
    public void relay(VendorEvent event) {
      if (!over) {
        shown = true;
        timeouts.blockArrived();
        answer.relay(event);
        pauseIfFull();
      }
    }

    @Override
    public void relayBytes(String contentType, Buffer piece) {
      if (!over) {
        shown = true;
        timeouts.blockArrived();
        answer.relayBytes(contentType, piece);
        pauseIfFull();
      }
    }

    @Override
    public void relayWhole(JsonNode body) {
      if (!over) {
        answer.relayWhole(body);
      }
    }
  }

  private void onBlock(Block block) {
    if (over) {
      return;
    }
    shown = true;
    timeouts.blockArrived();
    log.piece();
    collected.add(block);
    answer.block(block);
    pauseIfFull();
  }

  private void pauseIfFull() {
    if (answer.full() && !paused) {
      pause();
    }
  }

  private void pause() {
    paused = true;
    upstream.pause();
    timeouts.suspend();
    answer.whenDrained(this::resume);
  }

  private void resume() {
    if (paused) {
      paused = false;
      timeouts.resume();
      upstream.resume();
    }
  }

  private void onOutcome(ProviderOutcome outcome) {
    if (!end()) {
      return;
    }
    TokenCount tokens = outcome.usage().orElseGet(this::soFar);
    attempts.answered(tokens);
    InferenceResponse response = response(outcome, tokens);
    log.done(outcome.finishReason(), tokens, response.cost());
    settle(new CallReport.End.Answered(response), tokens, () -> answer.done(response));
  }

  private void timeOut(CallTimeouts.Timeout expired) {
    ServedModel model = attempt.route().model();
    String what =
        switch (expired) {
          case SILENCE -> "sent nothing for " + model.timeout().toSeconds() + " s";
          case LENGTH -> "did not finish within " + model.totalTimeout().toSeconds() + " s";
        };
    upstream.timeOut();
    onFailure(
        new ConcertException(ErrorCode.TIMEOUT, "The model '" + model.id() + "' " + what + "."));
  }

  private void onFailure(Throwable failure) {
    if (over || retried(failure) || waits(failure) || !end()) {
      return;
    }
    fail(failure);
  }

  private void fail(Throwable failure) {
    // Without a block and a count there was no answer, and providers do not charge for that.
    TokenCount tokens =
        collected.estimatedTokens() == 0 && upstream.counted().isEmpty()
            ? TokenCount.NONE
            : soFar();
    attempts.end(tokens);
    log.failed(failure, tokens);
    Problem problem = Problem.of(failure);
    Optional<VendorRefusal> theirs =
        VendorRefusal.in(failure).filter(refusal -> attempt.route().speaksApiOf(request));
    settle(
        new CallReport.End.Failed(problem),
        tokens,
        () ->
            theirs.ifPresentOrElse(
                refusal -> answer.refused(refusal, problem), () -> answer.failed(problem)));
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    timeouts.stop();
    log.answered();
    return true;
  }

  private void settle(CallReport.End end, TokenCount tokens, Runnable then) {
    CallReport report =
        new CallReport(
            identity.caller(),
            attempt.route().model(),
            attempt.decision().endpoint().id(),
            attempt.reason(),
            attempt.number(),
            tokens,
            end,
            log.times());
    usage
        .report(report)
        .onComplete(
            reported -> {
              then.run();
              ended.complete();
            });
  }

  /** Only the first of several answers is collected; the others are about as long. */
  private TokenCount soFar() {
    long output = collected.estimatedTokens() * request.form().ofEachRead();
    return upstream
        .counted()
        .map(counted -> counted.withOutputAtLeast(output))
        .orElseGet(() -> TokenCount.estimate(TokenEstimate.ofPrompt(request), output));
  }

  private InferenceResponse response(ProviderOutcome outcome, TokenCount tokens) {
    return InferenceResponse.of(
        identity.requestId(),
        model(),
        collected.blocks(),
        tokens,
        outcome.finishReason(),
        outcome.stopSequence().orElse(null),
        outcome.theirReason().orElse(null),
        routing());
  }
}

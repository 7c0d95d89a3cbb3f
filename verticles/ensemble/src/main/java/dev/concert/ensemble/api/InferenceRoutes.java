package dev.concert.ensemble.api;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.admission.Admitted;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.Attempts;
import dev.concert.ensemble.routing.Router;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.RunningCall;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Model calls, in whichever form they come. */
final class InferenceRoutes {
  private static final String SESSION = "X-Session-ID";

  /** As OpenAI names them, so that its SDKs know them. */
  private static final String REQUESTS_LEFT = "x-ratelimit-remaining-requests";

  private static final String TOKENS_LEFT = "x-ratelimit-remaining-tokens";

  /** Tokens set aside for an answer whose length the client did not limit. */
  private static final int USUAL_ANSWER = 1024;

  /** A body over this is read on a worker: it would hold up the event loop. */
  private static final int LARGE_BODY = 128 * 1024;

  private final Vertx vertx;
  private final Router router;
  private final UsageReporter usage;
  private final Optional<Admission> admission;

  InferenceRoutes(Vertx vertx, Router router, UsageReporter usage, Optional<Admission> admission) {
    this.admission = admission;
    this.vertx = vertx;
    this.router = router;
    this.usage = usage;
  }

  Handler<RoutingContext> in(ClientForm form) {
    return context ->
        read(context.body().buffer(), form, Authentication.caller(context))
            .onSuccess(question -> start(context, question))
            .onFailure(context::fail);
  }

  /**
   * A request and what of its prompt decides where it goes.
   *
   * @param tokens an estimate of those of the prompt and the answer; 0 where nobody is held to a
   *     limit
   */
  private record Question(ClientForm.Asked asked, Prefixes prompt, long tokens) {}

  private Question question(Buffer body, ClientForm form, Caller caller) {
    ClientForm.Asked asked = form.read(body);
    return new Question(asked, router.read(asked.request()), tokens(asked.request(), caller));
  }

  private long tokens(InferenceRequest request, Caller caller) {
    return caller instanceof Caller.IssuedKey || router.needsEstimate(request.model())
        ? TokenEstimate.ofPrompt(request)
            + request.maxTokensWithin(Integer.MAX_VALUE).orElse(USUAL_ANSWER)
        : 0;
  }

  private Future<Question> read(Buffer body, ClientForm form, Caller caller) {
    if (body == null) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object."));
    }
    if (body.length() > LARGE_BODY) {
      return vertx.executeBlocking(() -> question(body, form, caller), false);
    }
    try {
      return Future.succeededFuture(question(body, form, caller));
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
  }

  private void start(RoutingContext context, Question question) {
    if (context.response().closed()) {
      return;
    }
    try {
      Optional<Admitted> admitted = admit(context, question);
      try {
        start(context, question, admitted.map(call -> call.settling(usage)).orElse(usage));
      } catch (RuntimeException notMade) {
        admitted.ifPresent(Admitted::giveBack);
        throw notMade;
      }
    } catch (ConcertException e) {
      context.fail(e);
    }
  }

  private void start(RoutingContext context, Question question, UsageReporter reporter) {
    String requestId = RequestId.of(context);
    Attempts attempts =
        router.attempts(
            question.asked().request().model(),
            question.prompt(),
            Optional.ofNullable(context.request().getHeader(SESSION)),
            question.tokens());
    // Before anything of the answer exists: what fails here is a plain HTTP error.
    Attempt first = attempts.first();
    RunningCall call =
        new RunningCall(
            vertx,
            new CallIdentity(requestId, Authentication.caller(context)),
            attempts,
            first,
            question.asked().request(),
            question.asked().answer().apply(new Exchange(vertx, context.response(), requestId)),
            reporter);
    context.response().closeHandler(closed -> call.clientGone());
    context.response().exceptionHandler(broken -> call.clientGone());
  }

  /** Holds an issued key to its limits and tells its holder what is left; others have none. */
  private Optional<Admitted> admit(RoutingContext context, Question question) {
    if (admission.isEmpty()
        || !(Authentication.caller(context) instanceof Caller.IssuedKey caller)) {
      return Optional.empty();
    }
    Admitted admitted =
        admission.get().admit(caller, question.asked().request().model(), question.tokens());
    context
        .response()
        .putHeader(REQUESTS_LEFT, Long.toString(admitted.granted().requestsLeft()))
        .putHeader(TOKENS_LEFT, Long.toString(admitted.granted().tokensLeft()));
    return Optional.of(admitted);
  }
}

package dev.concert.ensemble.api;

import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.Attempts;
import dev.concert.ensemble.routing.Router;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.RunningCall;
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

  /** A body over this is read on a worker: it would hold up the event loop. */
  private static final int LARGE_BODY = 128 * 1024;

  private final Vertx vertx;
  private final Router router;
  private final UsageReporter usage;

  InferenceRoutes(Vertx vertx, Router router, UsageReporter usage) {
    this.vertx = vertx;
    this.router = router;
    this.usage = usage;
  }

  Handler<RoutingContext> in(ClientForm form) {
    return context ->
        read(context.body().buffer(), form)
            .onSuccess(question -> start(context, question))
            .onFailure(context::fail);
  }

  /** A request and what of its prompt decides where it goes. */
  private record Question(ClientForm.Asked asked, Prefixes prompt) {}

  private Question question(Buffer body, ClientForm form) {
    ClientForm.Asked asked = form.read(body);
    return new Question(asked, router.read(asked.request()));
  }

  private Future<Question> read(Buffer body, ClientForm form) {
    if (body == null) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object."));
    }
    if (body.length() > LARGE_BODY) {
      return vertx.executeBlocking(() -> question(body, form), false);
    }
    try {
      return Future.succeededFuture(question(body, form));
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
  }

  private void start(RoutingContext context, Question question) {
    if (context.response().closed()) {
      return;
    }
    String requestId = RequestId.of(context);
    try {
      Attempts attempts =
          router.attempts(
              question.asked().request().model(),
              question.prompt(),
              Optional.ofNullable(context.request().getHeader(SESSION)));
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
              usage);
      context.response().closeHandler(closed -> call.clientGone());
      context.response().exceptionHandler(broken -> call.clientGone());
    } catch (ConcertException e) {
      context.fail(e);
    }
  }
}

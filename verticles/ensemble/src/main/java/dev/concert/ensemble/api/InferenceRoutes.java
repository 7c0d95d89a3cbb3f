package dev.concert.ensemble.api;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.routing.Attempts;
import dev.concert.ensemble.routing.Router;
import dev.concert.ensemble.routing.affinity.Prefixes;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.RunningCall;
import dev.concert.ensemble.usage.UsageReporter;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/** {@code POST /api/v1/stream} and {@code POST /api/v1/generate}. */
final class InferenceRoutes {
  /** A body over this is read on a worker: it would hold up the event loop. */
  private static final int LARGE_BODY = 128 * 1024;

  private static final String SESSION = "X-Session-ID";

  private final Vertx vertx;
  private final Router router;
  private final UsageReporter usage;

  InferenceRoutes(Vertx vertx, Router router, UsageReporter usage) {
    this.vertx = vertx;
    this.router = router;
    this.usage = usage;
  }

  void stream(RoutingContext context) {
    answer(context, response -> new SseAnswer(vertx, response, SseAnswer.HEARTBEAT));
  }

  void generate(RoutingContext context) {
    answer(context, WholeAnswer::new);
  }

  private void answer(RoutingContext context, Function<HttpServerResponse, AnswerSink> form) {
    read(context.body().buffer())
        .onSuccess(question -> start(context, question, form))
        .onFailure(context::fail);
  }

  /** A request and what of its prompt decides where it goes. */
  private record Question(InferenceRequest request, Prefixes prompt) {}

  private Question question(Buffer body) {
    InferenceRequest request = RequestReader.read(body);
    return new Question(request, router.read(request));
  }

  private Future<Question> read(Buffer body) {
    if (body == null) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object."));
    }
    if (body.length() > LARGE_BODY) {
      return vertx.executeBlocking(() -> question(body), false);
    }
    try {
      return Future.succeededFuture(question(body));
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
  }

  private void start(
      RoutingContext context, Question question, Function<HttpServerResponse, AnswerSink> form) {
    if (context.response().closed()) {
      return;
    }
    try {
      Attempts attempts =
          router.attempts(
              question.request().model(),
              question.prompt(),
              Optional.ofNullable(context.request().getHeader(SESSION)));
      // Before anything of the answer exists: what fails here is a plain HTTP error.
      Attempt first = attempts.first();
      RunningCall call =
          new RunningCall(
              vertx,
              new CallIdentity(RequestId.of(context), Authentication.caller(context)),
              attempts,
              first,
              question.request(),
              form.apply(context.response()),
              usage);
      context.response().closeHandler(closed -> call.clientGone());
      context.response().exceptionHandler(broken -> call.clientGone());
    } catch (ConcertException e) {
      context.fail(e);
    }
  }
}

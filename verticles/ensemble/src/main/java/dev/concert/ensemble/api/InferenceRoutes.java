package dev.concert.ensemble.api;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.model.RequestFit;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.ensemble.routing.ModelRoute;
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
import java.util.function.Function;

/** {@code POST /api/v1/stream} and {@code POST /api/v1/generate}. */
final class InferenceRoutes {
  /** A body over this is read on a worker: it would hold up the event loop. */
  private static final int LARGE_BODY = 128 * 1024;

  private final Vertx vertx;
  private final ModelRegistry models;
  private final UsageReporter usage;

  InferenceRoutes(Vertx vertx, ModelRegistry models, UsageReporter usage) {
    this.vertx = vertx;
    this.models = models;
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
        .onSuccess(request -> start(context, request, form))
        .onFailure(context::fail);
  }

  private Future<InferenceRequest> read(Buffer body) {
    if (body == null) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object."));
    }
    if (body.length() > LARGE_BODY) {
      return vertx.executeBlocking(() -> RequestReader.read(body), false);
    }
    try {
      return Future.succeededFuture(RequestReader.read(body));
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
  }

  private void start(
      RoutingContext context,
      InferenceRequest request,
      Function<HttpServerResponse, AnswerSink> form) {
    if (context.response().closed()) {
      return;
    }
    try {
      ModelRoute route = models.find(request.model());
      RequestFit.check(request, route.model());
      RunningCall call =
          new RunningCall(
              vertx,
              new CallIdentity(RequestId.of(context), Authentication.caller(context)),
              route,
              request,
              form.apply(context.response()),
              usage);
      context.response().closeHandler(closed -> call.clientGone());
      context.response().exceptionHandler(broken -> call.clientGone());
    } catch (ConcertException e) {
      context.fail(e);
    }
  }
}

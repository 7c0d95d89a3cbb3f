package dev.concert.ensemble.api;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.stream.BodyReader;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.CallStart;
import dev.concert.ensemble.stream.RunningCall;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Model calls over HTTP, in whichever form they come. */
final class InferenceRoutes {
  private static final String SESSION = "X-Session-ID";

  /** {@code stop}: the call ends with its client, as it does where answers are not kept. */
  private static final String ON_DISCONNECT = "X-Ensemble-On-Disconnect";

  private final Vertx vertx;
  private final BodyReader reader;
  private final CallStart calls;

  InferenceRoutes(Vertx vertx, CallStart calls) {
    this.vertx = vertx;
    this.reader = new BodyReader(vertx);
    this.calls = calls;
  }

  Handler<RoutingContext> in(ClientForm form) {
    return context -> {
      long arrived = System.nanoTime();
      read(context, form)
          .compose(question -> start(context, form, question, arrived))
          .onSuccess(call -> watch(context, call))
          .onFailure(context::fail);
    };
  }

  private record Question(ClientForm.Asked asked, CallStart.Prompt prompt) {}

  private Question question(Caller caller, Buffer body, ClientForm form) {
    ClientForm.Asked asked = form.read(body);
    return new Question(asked, calls.prompt(caller, asked.request()));
  }

  private Future<Question> read(RoutingContext context, ClientForm form) {
    Buffer body = context.body().buffer();
    Caller caller = Authentication.caller(context);
    return body == null
        ? Future.failedFuture(
            new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object."))
        : reader.read(body.length(), () -> question(caller, body, form));
  }

  private Future<RunningCall> start(
      RoutingContext context, ClientForm form, Question question, long arrived) {
    String requestId = RequestId.of(context);
    HttpServerResponse response = context.response();
    return calls.start(
        new CallStart.Ask(
            new CallIdentity(requestId, Authentication.caller(context)),
            question.asked().request(),
            question.prompt(),
            form.label(),
            Optional.ofNullable(context.request().getHeader(SESSION)),
            admitted -> LimitHeaders.tell(context, admitted.left()),
            !"stop".equalsIgnoreCase(context.request().getHeader(ON_DISCONNECT)),
            () ->
                new CostTold(
                    response,
                    question.asked().answer().apply(new Exchange(vertx, response, requestId))),
            arrived));
  }

  private static void watch(RoutingContext context, RunningCall call) {
    Overhead.of(context, call);
    HttpServerResponse response = context.response();
    if (response.closed()) {
      call.clientGone();
    } else {
      response.closeHandler(closed -> call.clientGone());
      response.exceptionHandler(broken -> call.clientGone());
    }
  }
}

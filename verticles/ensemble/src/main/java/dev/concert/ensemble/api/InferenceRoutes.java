package dev.concert.ensemble.api;

import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.http.RequestIdHandler;
import dev.concert.ensemble.pipeline.CallInput;
import dev.concert.ensemble.pipeline.CallPipeline;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;

/** Serves model calls over HTTP in any API format. */
final class InferenceRoutes {
  /** Ours, and that of Claude Code, which it sends with every request of a session. */
  private static final List<String> SESSIONS = List.of("X-Session-ID", "X-Claude-Code-Session-Id");

  /**
   * With {@code stop} the call ends when its client disconnects, as it does where responses are not
   * stored.
   */
  private static final String ON_DISCONNECT = "X-Ensemble-On-Disconnect";

  private static final String NAMES = "field-names";

  private final Vertx vertx;
  private final CallPipeline calls;

  InferenceRoutes(Vertx vertx, CallPipeline calls) {
    this.vertx = vertx;
    this.calls = calls;
  }

  Handler<RoutingContext> in(ApiFormat format) {
    return context -> handle(context, format);
  }

  void handle(RoutingContext context, ApiFormat format) {
    handle(context, format, RequestBodyHandler.body(context));
  }

  /**
   * Makes a call with another body than the client's own.
   *
   * @param body what the client has sent, with all that it refers to
   */
  void handle(RoutingContext context, ApiFormat format, Buffer body) {
    long arrived = System.nanoTime();
    if (body.length() == 0) {
      context.fail(
          new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object."));
      return;
    }
    calls
        .start(input(context, format, body, arrived))
        .onSuccess(call -> watch(context, call))
        .onFailure(failure -> context.fail(named(context, failure)));
  }

  /** What is refused after the request was read names its fields as the client does. */
  private static Throwable named(RoutingContext context, Throwable failure) {
    FieldNames names = context.get(NAMES);
    return names != null && failure instanceof ConcertException known
        ? names.in(known.problem()).toException()
        : failure;
  }

  private CallInput input(RoutingContext context, ApiFormat format, Buffer body, long arrived) {
    HttpServerRequest request = context.request();
    String requestId = RequestIdHandler.of(context);
    ClientBody sent = ClientBody.of(body, request.headers(), DropInPaths.deployment(context));
    return new CallInput(
        requestId,
        AuthenticationHandler.token(request),
        body.length(),
        new Content(context, format, sent, new HttpExchange(vertx, context.response(), requestId)),
        format.label(),
        SESSIONS.stream().map(request::getHeader).filter(Objects::nonNull).findFirst(),
        !"stop".equalsIgnoreCase(request.getHeader(ON_DISCONNECT)),
        left -> RateLimitHeaders.add(context, left),
        arrived);
  }

  private record Content(
      RoutingContext context, ApiFormat format, ClientBody body, HttpExchange exchange)
      implements CallInput.Content {
    @Override
    public CallInput.Parsed parsed() {
      ApiFormat.ParsedRequest parsed = format.read(body);
      context.put(NAMES, parsed.names());
      return new CallInput.Parsed(
          parsed.request(),
          () ->
              new AnswerHeaderSink(
                  exchange.response(), parsed.sink().apply(exchange), parsed.names()));
    }

    @Override
    public Buffer bytes() {
      return body.bytes();
    }

    @Override
    public Content with(Buffer other) {
      return new Content(
          context, format, new ClientBody(other, body.contentType(), body.headers()), exchange);
    }
  }

  private static void watch(RoutingContext context, InferenceCall call) {
    OverheadHandler.callStarted(context, call);
    HttpServerResponse response = context.response();
    if (response.closed()) {
      call.clientGone();
    } else {
      response.closeHandler(closed -> call.clientGone());
      response.exceptionHandler(broken -> call.clientGone());
    }
  }
}

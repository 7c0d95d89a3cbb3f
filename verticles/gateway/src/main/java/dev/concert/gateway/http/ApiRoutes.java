package dev.concert.gateway.http;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.contract.HttpRoute;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.apikey.ApiKeys;
import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.dispatch.Dispatcher;
import dev.concert.gateway.idempotency.IdempotencyKeys;
import dev.concert.gateway.rest.EventStreams;
import dev.concert.gateway.rest.OpenEventStreams;
import dev.concert.gateway.rest.RateLimits;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.ClientMessage;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Serves each operation of the contract table that has an HTTP route. A caller without permission
 * is refused before a body is read, and so is an upload to a session that the caller does not have.
 */
public final class ApiRoutes {
  /** The path {@code /a/word} is tried before {@code /a/:parameter}, which would take it. */
  private static final Comparator<String> WORDS_FIRST =
      Comparator.comparing(pattern -> pattern.replace(':', '~').replace('*', '~'));

  private final Vertx vertx;
  private final HttpIdentity identity;
  private final RateLimits rateLimits;
  private final Supplier<SessionDirectory> sessions;
  private final ApiResponder responder;

  /**
   * Both suppliers are called with each request, since the gateway has neither part before it
   * listens.
   */
  public ApiRoutes(
      Vertx vertx,
      HttpIdentity identity,
      AccessWatch access,
      RateLimits rateLimits,
      IdempotencyKeys keys,
      Supplier<Dispatcher> dispatcher,
      Supplier<SessionDirectory> sessions,
      OpenEventStreams openStreams) {
    this.vertx = vertx;
    this.identity = identity;
    this.rateLimits = rateLimits;
    this.sessions = sessions;
    this.responder =
        new ApiResponder(
            vertx, keys, new EventStreams(vertx, access, openStreams), dispatcher, sessions);
  }

  void add(Router router) {
    Map<String, List<ApiOperation<? extends ClientMessage, ?>>> byPath =
        ContractTable.rows().stream()
            .filter(row -> row.http().isPresent() && !row.planned())
            .collect(
                Collectors.groupingBy(
                    row -> row.http().orElseThrow().pattern(),
                    () -> new TreeMap<>(WORDS_FIRST),
                    Collectors.toList()));
    byPath.forEach(
        (path, operations) -> {
          operations.forEach(operation -> add(router, path, operation));
          MethodNotAllowed.add(
              router,
              path,
              operations.stream().map(one -> method(one.http().orElseThrow())).toList());
        });
  }

  private static HttpMethod method(HttpRoute route) {
    return HttpMethod.valueOf(route.method().name());
  }

  private <Q extends ClientMessage, R> void add(
      Router router, String path, ApiOperation<Q, R> operation) {
    // A route of its own for each step, since Vert.x wants a body handler to be the first of a
    // route.
    route(router, path, operation).handler(request -> admit(operation, request));
    if (operation.bodyField().isPresent()) {
      route(router, path, operation).handler(request -> admitUpload(operation, request));
    }
    if (operation.maxBody() > 0) {
      RawBodyHandler body = new RawBodyHandler(operation.maxBody());
      route(router, path, operation)
          .handler(request -> readBody(body, request))
          .failureHandler(request -> refuseBody(operation, request));
    } else {
      route(router, path, operation).handler(ApiRoutes::goOn);
    }
    route(router, path, operation).handler(request -> responder.answer(operation, request));
  }

  /** The request was paused when it came: what of it is here already must not come before this. */
  private static void readBody(RawBodyHandler body, RoutingContext request) {
    body.handle(request);
    request.request().resume();
  }

  private static void goOn(RoutingContext request) {
    request.request().resume();
    request.next();
  }

  private static void refuse(RoutingContext request, Throwable refusal) {
    request.request().resume();
    ProblemResponse.send(request, refusal);
  }

  private static void refuseBody(ApiOperation<?, ?> operation, RoutingContext request) {
    if (request.statusCode() == 413) {
      ProblemResponse.refuse(
          request,
          operation.bodyField().isPresent()
              ? ErrorCode.FILE_TOO_LARGE
              : ErrorCode.MESSAGE_TOO_LARGE,
          "The body has more than " + operation.maxBody() + " bytes.");
    } else {
      ProblemResponse.handleFailure(request);
    }
  }

  private static Route route(Router router, String path, ApiOperation<?, ?> operation) {
    HttpMethod method = method(operation.http().orElseThrow());
    Route route = router.route(path).method(method);
    return method == HttpMethod.GET ? route.method(HttpMethod.HEAD) : route;
  }

  private void admit(ApiOperation<?, ?> operation, RoutingContext request) {
    if (!Dispatcher.needsIdentity(operation)) {
      request.next();
      return;
    }
    request.request().pause();
    identity
        .authentication(request.request())
        .onComplete(
            who -> {
              Optional<? extends Throwable> refusal =
                  who.failed()
                      ? Optional.of(who.cause())
                      : Dispatcher.refusal(operation, Optional.of(who.result().identity()));
              if (refusal.isPresent()) {
                refuse(request, refusal.get());
              } else {
                admit(operation, request, who.result());
              }
            });
  }

  private void admit(
      ApiOperation<?, ?> operation, RoutingContext request, Authentication credential) {
    RateLimits.Decision decision =
        rateLimits.admit(
            credential.identity(),
            HttpIdentity.bearer(request.request()).flatMap(ApiKeys::idOf),
            operation.name());
    request.response().putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    decision.headers().forEach(request.response()::putHeader);
    if (decision.refusal().isPresent()) {
      refuse(request, decision.refusal().get());
    } else {
      ApiResponder.remember(request, credential);
      request.next();
    }
  }

  /** Refuses an upload to a session that the caller does not have, before its bytes are read. */
  private void admitUpload(
      ApiOperation<? extends ClientMessage, ?> operation, RoutingContext request) {
    String sessionId;
    try {
      sessionId =
          switch (HttpRequestReader.read(operation, request)) {
            case ClientMessage.ForSession upload -> upload.sessionId();
            case ClientMessage.UploadAgentFile upload -> Session.idOfAgent(upload.agentId());
            default -> throw new IllegalStateException("An upload goes to a session");
          };
    } catch (ConcertException refusal) {
      refuse(request, refusal);
      return;
    }
    // A session that is opened for this is found on its own context.
    Context context = vertx.getOrCreateContext();
    sessions
        .get()
        .find(ApiResponder.who(request), sessionId, operation.permission().orElseThrow())
        .onFailure(refusal -> context.runOnContext(_ -> refuse(request, refusal)))
        .onSuccess(_ -> context.runOnContext(_ -> request.next()));
  }
}

package dev.concert.ensemble.http;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Authenticates a request by its bearer token, before its body is read. */
public final class AuthenticationHandler implements Handler<RoutingContext> {
  private static final String KEY = "ensemble.caller";

  /** The headers in which the SDKs of Anthropic, Google and Azure send the key. */
  private static final List<String> HEADERS = List.of("x-api-key", "x-goog-api-key", "api-key");

  private final AccessTokens tokens;

  public AuthenticationHandler(AccessTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public void handle(RoutingContext context) {
    Future<Caller> caller = tokens.authenticate(token(context.request()));
    if (caller.isComplete()) {
      proceed(context, caller);
      return;
    }
    // The body must not arrive before somebody reads it.
    context.request().pause();
    caller.onComplete(
        known -> {
          proceed(context, caller);
          context.request().resume();
        });
  }

  private static void proceed(RoutingContext context, Future<Caller> caller) {
    if (caller.succeeded()) {
      context.put(KEY, caller.result());
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      context.fail(caller.cause());
    }
  }

  /**
   * The token of a request: a bearer token, the header of a vendor's SDK or, on Google's paths, the
   * parameter {@code key}. URLs are not logged here.
   */
  public static Optional<String> token(HttpServerRequest request) {
    return BearerToken.of(request)
        .or(() -> HEADERS.stream().map(request::getHeader).filter(Objects::nonNull).findFirst())
        .or(() -> queryKey(request));
  }

  private static Optional<String> queryKey(HttpServerRequest request) {
    return GoogleRequest.hasPath(request.path())
        ? Optional.ofNullable(request.getParam("key"))
        : Optional.empty();
  }

  /** The caller of a request that this handler has let pass. */
  public static Caller caller(RoutingContext context) {
    return context.get(KEY);
  }
}

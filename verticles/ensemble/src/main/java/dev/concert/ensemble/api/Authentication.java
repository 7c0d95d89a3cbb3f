package dev.concert.ensemble.api;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.error.ConcertException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Lets a request pass that carries a valid bearer token; runs before its body is read. */
final class Authentication implements Handler<RoutingContext> {
  private static final String KEY = "ensemble.caller";

  /** Where Anthropic's SDKs put a key. */
  private static final String ANTHROPIC = "x-api-key";

  private final AccessTokens tokens;

  Authentication(AccessTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public void handle(RoutingContext context) {
    try {
      context.put(KEY, tokens.caller(token(context.request())));
    } catch (ConcertException refused) {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      context.fail(refused);
      return;
    }
    context.next();
  }

  private static Optional<String> token(HttpServerRequest request) {
    return Bearer.of(request).or(() -> Optional.ofNullable(request.getHeader(ANTHROPIC)));
  }

  static Caller caller(RoutingContext context) {
    return context.get(KEY);
  }
}

package dev.concert.ensemble.api;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
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
    Optional<String> token =
        Bearer.of(context.request())
            .or(() -> Optional.ofNullable(context.request().getHeader(ANTHROPIC)));
    if (token.isEmpty()) {
      refuse(context, ErrorCode.UNAUTHENTICATED, "Send a token: 'Authorization: Bearer …'.");
      return;
    }
    token
        .flatMap(tokens::find)
        .ifPresentOrElse(
            caller -> {
              context.put(KEY, caller);
              context.next();
            },
            () ->
                refuse(context, ErrorCode.AUTH_FAILED, "This token is not, or no longer, valid."));
  }

  static Caller caller(RoutingContext context) {
    return context.get(KEY);
  }

  private static void refuse(RoutingContext context, ErrorCode code, String message) {
    context.response().putHeader("WWW-Authenticate", "Bearer");
    context.fail(new ConcertException(code, message));
  }
}

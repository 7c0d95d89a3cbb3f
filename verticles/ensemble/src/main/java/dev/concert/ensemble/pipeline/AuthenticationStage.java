package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import io.vertx.core.Future;

/**
 * Finds the caller by its token. HTTP has checked the token before it read the body; this check
 * refuses a token that was revoked while the body arrived.
 */
record AuthenticationStage(AccessTokens tokens) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    Future<Caller> caller = tokens.authenticate(call.input().token());
    if (caller.succeeded()) {
      call.authenticated(caller.result());
      return Future.succeededFuture();
    }
    return caller.onSuccess(call::authenticated).mapEmpty();
  }
}

package dev.concert.ensemble.api;

import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.compatible.messages.MessagesFormat;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.pipeline.CallPipeline;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * Counts the tokens of a prompt without sending it to a model.
 *
 * <p>Format: https://platform.claude.com/docs/en/api/messages-count-tokens
 */
record TokenCountHandler(CallPipeline calls) implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext context) {
    Buffer body = RequestBodyHandler.body(context);
    calls
        .countTokens(
            AuthenticationHandler.caller(context),
            body.length(),
            () -> MessagesFormat.prompt(ClientBody.of(body, context.request().headers())))
        .onSuccess(
            tokens ->
                VendorReply.send(
                    context.response(), 200, VendorJson.newObject().put("input_tokens", tokens)))
        .onFailure(context::fail);
  }
}

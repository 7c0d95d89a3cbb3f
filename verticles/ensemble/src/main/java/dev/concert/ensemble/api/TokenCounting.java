package dev.concert.ensemble.api;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.HttpAnswer;
import dev.concert.ensemble.compatible.messages.MessagesForm;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.stream.BodyReader;
import dev.concert.ensemble.stream.CallStart;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * Counts the tokens of a prompt that is not sent.
 *
 * <p>Format: https://platform.claude.com/docs/en/api/messages-count-tokens
 */
final class TokenCounting implements Handler<RoutingContext> {
  private final BodyReader reader;
  private final CallStart calls;

  TokenCounting(Vertx vertx, CallStart calls) {
    this.reader = new BodyReader(vertx);
    this.calls = calls;
  }

  private record Counted(String model, long tokens) {}

  @Override
  public void handle(RoutingContext context) {
    Buffer body = context.body().buffer();
    Caller caller = Authentication.caller(context);
    reader
        .read(context.body().length(), () -> count(caller, body))
        .map(counted -> admitted(caller, counted))
        .onSuccess(
            tokens ->
                HttpAnswer.send(
                    context.response(), 200, Body.newObject().put("input_tokens", tokens)))
        .onFailure(context::fail);
  }

  private Counted count(Caller caller, Buffer body) {
    InferenceRequest request = MessagesForm.prompt(Body.object(body));
    return new Counted(request.model(), calls.prompt(caller, request).tokens());
  }

  private long admitted(Caller caller, Counted counted) {
    calls.admitCount(caller, counted.model());
    return counted.tokens();
  }
}

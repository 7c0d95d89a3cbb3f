package dev.concert.ensemble.guardrail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A call whose answer passes a guard. The vendor's own events would pass it by, so a conversation
 * goes on by its blocks only. Lives on the context of the call.
 */
final class GuardedCall implements ProviderCall, AnswerSink {
  private final AnswerGuard guard;
  private final AnswerSink sink;
  private final boolean conversation;
  private final Promise<ProviderOutcome> outcome = Promise.promise();
  private ProviderCall upstream;

  private GuardedCall(AnswerGuard guard, AnswerSink sink, boolean conversation) {
    this.guard = guard;
    this.sink = sink;
    this.conversation = conversation;
  }

  static ProviderCall start(
      AnswerGuard guard,
      Provider provider,
      ServedModel model,
      InferenceRequest request,
      AnswerSink sink) {
    GuardedCall call = new GuardedCall(guard, sink, isConversation(request.client()));
    call.upstream = provider.start(model, request, call);
    call.upstream.outcome().onSuccess(call::answered).onFailure(call.outcome::tryFail);
    return call;
  }

  /** Everything else has an answer that is no text, or has no other form than the vendor's. */
  private static boolean isConversation(ClientRequest client) {
    return client == null || client.operation().isEmpty() && client.wire().passedPath().isEmpty();
  }

  private void answered(ProviderOutcome end) {
    guard
        .rest()
        .onSuccess(
            blocks -> {
              if (!outcome.future().isComplete()) {
                blocks.forEach(sink);
                outcome.tryComplete(end);
              }
            })
        .onFailure(outcome::tryFail);
  }

  @Override
  public void accept(Block block) {
    if (outcome.future().isComplete()) {
      return;
    }
    sink.arrived();
    try {
      guard.pass(block).forEach(sink);
    } catch (ConcertException blocked) {
      upstream.cancel();
      outcome.tryFail(blocked);
    }
  }

  @Override
  public void arrived() {
    sink.arrived();
  }

  @Override
  public void relay(VendorEvent event) {
    if (!conversation) {
      sink.relay(event);
    }
  }

  @Override
  public void relayBytes(String contentType, Buffer piece) {
    sink.relayBytes(contentType, piece);
  }

  @Override
  public void relayWhole(JsonNode body) {
    if (!conversation) {
      sink.relayWhole(body);
    }
  }

  @Override
  public Future<ProviderOutcome> outcome() {
    return outcome.future();
  }

  @Override
  public Optional<TokenCount> counted() {
    return upstream.counted();
  }

  @Override
  public void pause() {
    upstream.pause();
  }

  @Override
  public void resume() {
    upstream.resume();
  }

  @Override
  public void cancel() {
    upstream.cancel();
  }

  @Override
  public void timeOut() {
    upstream.timeOut();
  }
}

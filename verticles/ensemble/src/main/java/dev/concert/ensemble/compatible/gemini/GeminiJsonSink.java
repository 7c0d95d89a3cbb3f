package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;

/** Sends a whole response. Not thread-safe: lives on its request's context. */
final class GeminiJsonSink implements ResponseSink {
  private final HttpExchange exchange;
  private final GeminiResponse answer;
  private final GeminiExtras extras = new GeminiExtras();

  GeminiJsonSink(HttpExchange exchange, GeminiResponse answer) {
    this.exchange = exchange;
    this.answer = answer;
  }

  @Override
  public void block(Block block) {
    // The call itself collects the blocks.
  }

  @Override
  public void relay(VendorEvent event) {
    extras.read(event.json());
  }

  @Override
  public void relayWhole(JsonNode body) {
    extras.read(body);
  }

  @Override
  public void done(InferenceResponse response) {
    VendorReply.send(exchange.response(), 200, extras.addAllTo(answer.whole(response)));
  }

  @Override
  public void failed(Problem problem) {
    if (!exchange.response().closed()) {
      GeminiError.refuse(exchange.response(), problem);
    }
  }

  @Override
  public void refused(VendorRefusal theirs, Problem problem) {
    VendorReply.refuse(exchange.response(), theirs);
  }

  @Override
  public boolean full() {
    return false;
  }

  @Override
  public void whenDrained(Runnable action) {
    action.run();
  }
}

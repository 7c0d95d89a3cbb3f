package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import java.util.function.Consumer;

/** Sends a whole completion. Not thread-safe: lives on its request's context. */
final class ChatJsonSink implements ResponseSink {
  private final HttpExchange exchange;
  private final ChatResponse answer;
  private final Consumer<Problem> refuse;
  private final ChatExtras extras = new ChatExtras();

  /**
   * @param refuse sends an HTTP error
   */
  ChatJsonSink(HttpExchange exchange, ChatResponse answer, Consumer<Problem> refuse) {
    this.exchange = exchange;
    this.answer = answer;
    this.refuse = refuse;
  }

  @Override
  public void block(Block block) {
    // The call itself collects the blocks.
  }

  @Override
  public void relay(VendorEvent event) {
    extras.read(event.json(), "delta");
  }

  @Override
  public void relayWhole(JsonNode body) {
    extras.read(body, "message");
  }

  @Override
  public void done(InferenceResponse response) {
    VendorReply.send(exchange.response(), 200, extras.addTo(answer.whole(response)));
  }

  @Override
  public void failed(Problem problem) {
    if (!exchange.response().closed()) {
      refuse.accept(problem);
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

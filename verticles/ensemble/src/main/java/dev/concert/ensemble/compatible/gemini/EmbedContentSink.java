package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;

/** Sends Google's embeddings as they are. Not thread-safe: lives on its request's context. */
final class EmbedContentSink implements ResponseSink {
  private final HttpExchange exchange;
  private JsonNode whole = VendorJson.newObject();

  EmbedContentSink(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public void block(Block block) {
    // There are none.
  }

  @Override
  public void relayWhole(JsonNode body) {
    whole = body;
  }

  @Override
  public void done(InferenceResponse response) {
    VendorReply.send(exchange.response(), 200, whole);
  }

  @Override
  public void failed(Problem problem) {
    if (!exchange.response().closed()) {
      GeminiError.refuse(exchange.response(), problem);
    }
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

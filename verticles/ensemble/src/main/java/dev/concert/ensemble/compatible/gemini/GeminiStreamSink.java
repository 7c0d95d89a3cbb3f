package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import java.util.List;

/**
 * Streams a response as {@code GenerateContentResponse} objects, the last one with the finish
 * reason and the token counts. Not thread-safe: lives on its request's context.
 */
final class GeminiStreamSink implements ResponseSink {
  private final HttpExchange exchange;
  private final GeminiResponse answer;
  private final GeminiStream chunks;
  private final PartWriter parts;
  private final GeminiExtras extras = new GeminiExtras();

  GeminiStreamSink(HttpExchange exchange, GeminiResponse answer, GeminiStream chunks) {
    this.exchange = exchange;
    this.answer = answer;
    this.chunks = chunks;
    this.parts = new PartWriter(answer.thoughts());
  }

  @Override
  public void block(Block block) {
    parts.add(block).ifPresent(part -> chunks.write(answer.chunk(part)));
  }

  @Override
  public void relay(VendorEvent event) {
    relayWhole(event.json());
  }

  @Override
  public void relayWhole(JsonNode body) {
    List<JsonNode> further = extras.read(body);
    if (!further.isEmpty()) {
      chunks.write(answer.chunk(further));
    }
  }

  @Override
  public void done(InferenceResponse response) {
    ArrayNode last = VendorJson.newObject().arrayNode();
    // SDKs take a content without parts for a broken one.
    ObjectNode nothing = VendorJson.newObject().put("text", "");
    last.add(parts.rest().orElse(nothing));
    chunks.write(extras.addTo(answer.last(response, last)));
    chunks.end();
  }

  @Override
  public void failed(Problem problem) {
    if (chunks.started()) {
      chunks.write(GeminiError.body(problem));
      chunks.end();
    } else {
      chunks.stop();
      GeminiError.refuse(exchange.response(), problem);
    }
  }

  @Override
  public void refused(VendorRefusal theirs, Problem problem) {
    if (chunks.started()) {
      failed(problem);
    } else {
      chunks.stop();
      VendorReply.refuse(exchange.response(), theirs);
    }
  }

  @Override
  public boolean full() {
    return chunks.full();
  }

  @Override
  public void whenDrained(Runnable action) {
    chunks.whenDrained(action);
  }
}

package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * Sends a compacted conversation: OpenAI's own, or what the user has said and a summary of the
 * rest. Not thread-safe: lives on its request's context.
 */
final class CompactSink implements ResponseSink {
  private final HttpExchange exchange;
  private final ObjectNode asked;
  private final String model;
  private Optional<ObjectNode> theirs = Optional.empty();

  /**
   * @param model the client's name of it
   */
  CompactSink(HttpExchange exchange, ObjectNode asked, String model) {
    this.exchange = exchange;
    this.asked = asked;
    this.model = model;
  }

  @Override
  public void block(Block block) {
    // The call itself collects the blocks.
  }

  @Override
  public void relayWhole(JsonNode body) {
    theirs = Optional.of(body).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
  }

  @Override
  public void done(InferenceResponse response) {
    try {
      ObjectNode body = theirs.orElseGet(() -> summarized(response));
      body.withObject("/usage").put("cost", response.cost());
      VendorReply.send(
          exchange.response(), 200, body.has("model") ? body.put("model", model) : body);
    } catch (ConcertException nothing) {
      failed(nothing.problem());
    }
  }

  private ObjectNode summarized(InferenceResponse response) {
    String id = exchange.requestId();
    ArrayNode output = Compaction.kept(asked, id);
    output.add(Compaction.item("cmp_ens_" + id, response));
    ObjectNode body =
        VendorJson.newObject()
            .put("id", "resp_" + id)
            .put("object", "response.compaction")
            .put("created_at", Instant.now().getEpochSecond());
    body.set("output", output);
    return body.set("usage", ResponseObject.usage(response));
  }

  @Override
  public void failed(Problem problem) {
    if (!exchange.response().closed()) {
      OpenAiError.refuse(exchange.response(), problem);
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

package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import java.util.Optional;

/** Sends a whole response. Not thread-safe: lives on its request's context. */
final class ResponsesJsonSink implements ResponseSink {
  private final HttpExchange exchange;
  private final ResponseObject answer;
  private final ResponsesRelay relay;
  private boolean relayed;
  private Optional<ObjectNode> theirs = Optional.empty();

  ResponsesJsonSink(HttpExchange exchange, ResponseObject answer) {
    this.exchange = exchange;
    this.answer = answer;
    this.relay = new ResponsesRelay(answer);
  }

  @Override
  public void block(Block block) {
    // The call itself collects the blocks.
  }

  @Override
  public void relay(VendorEvent event) {
    relayed = true;
    relay.pass(event);
  }

  @Override
  public void relayWhole(JsonNode body) {
    theirs = Optional.of(body).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
  }

  @Override
  public void done(InferenceResponse response) {
    ObjectNode body;
    try {
      body = body(response);
    } catch (ConcertException nothing) {
      failed(nothing.problem());
      return;
    }
    answer.saved(body, () -> VendorReply.send(exchange.response(), 200, body));
  }

  private ObjectNode body(InferenceResponse response) {
    if (theirs.isPresent()) {
      return relay.finished(theirs.get(), response);
    }
    return relayed ? relay.whole(response) : answer.whole(response);
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

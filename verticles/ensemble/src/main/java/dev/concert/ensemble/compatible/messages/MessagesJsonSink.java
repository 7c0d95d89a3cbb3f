package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import java.util.Optional;

/** Sends a whole message. Not thread-safe: lives on its request's context. */
final class MessagesJsonSink implements ResponseSink {
  private final HttpExchange exchange;
  private final String id;
  private final MessagesRelay relay;
  private boolean relayed;
  private Optional<ObjectNode> theirs = Optional.empty();

  MessagesJsonSink(HttpExchange exchange, String id, String model) {
    this.exchange = exchange;
    this.id = id;
    this.relay = new MessagesRelay(id, model);
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
    VendorReply.send(exchange.response(), 200, body(response));
  }

  private ObjectNode body(InferenceResponse response) {
    if (theirs.isPresent()) {
      return relay.whole(response, theirs.get());
    }
    return relayed
        ? relay.whole(response, MessagesResponse.content(response))
        : MessagesResponse.whole(id, response);
  }

  @Override
  public void failed(Problem problem) {
    if (!exchange.response().closed()) {
      MessagesError.refuse(exchange.response(), exchange.requestId(), problem);
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

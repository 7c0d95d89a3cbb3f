package dev.concert.ensemble.compatible.passthrough;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Sends the vendor's own answer, with the model's name as the client knows it. Not thread-safe:
 * lives on its request's context.
 */
final class PassThroughSink implements ResponseSink {
  private final HttpExchange exchange;
  private final String model;
  private final Optional<SseResponse> events;
  private ObjectNode whole = VendorJson.newObject();

  PassThroughSink(HttpExchange exchange, String model, boolean stream) {
    this.exchange = exchange;
    this.model = model;
    this.events = stream ? Optional.of(exchange.events()) : Optional.empty();
  }

  @Override
  public void block(Block block) {
    // The vendor's own events have it.
  }

  @Override
  public void relay(VendorEvent event) {
    ObjectNode data = named(event.json());
    events.ifPresent(open -> open.data(ExactJson.bytes(data)));
  }

  @Override
  public void relayWhole(JsonNode body) {
    whole = named((ObjectNode) body);
  }

  private ObjectNode named(ObjectNode body) {
    return body.has("model") ? body.put("model", model) : body;
  }

  @Override
  public void done(InferenceResponse response) {
    if (events.isEmpty()) {
      VendorReply.send(exchange.response(), 200, whole);
      return;
    }
    if (!whole.isEmpty()) {
      // The vendor sent one piece although a stream was asked for.
      events.get().data(ExactJson.bytes(whole));
    }
    events.get().data(Buffer.buffer("[DONE]"));
    events.get().end();
  }

  @Override
  public void failed(Problem problem) {
    if (events.isPresent() && events.get().started()) {
      events.get().data(ExactJson.bytes(OpenAiError.body(problem)));
      events.get().end();
      return;
    }
    events.ifPresent(SseResponse::stop);
    if (!exchange.response().closed()) {
      OpenAiError.refuse(exchange.response(), problem);
    }
  }

  @Override
  public boolean full() {
    return events.isPresent() && events.get().full();
  }

  @Override
  public void whenDrained(Runnable action) {
    events.ifPresentOrElse(open -> open.whenDrained(action), action);
  }
}

package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;

/**
 * Streams a response as {@code message_start}, one block after another, {@code message_delta} and
 * {@code message_stop}. Not thread-safe: lives on its request's context.
 *
 * <p>Format: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
final class MessagesStreamSink implements ResponseSink {
  private final HttpExchange exchange;
  private final String id;
  private final String model;
  private final SseResponse events;
  private final ContentBlockWriter open;
  private final MessagesRelay relay;
  private boolean relayed;

  MessagesStreamSink(HttpExchange exchange, String id, String model) {
    this.exchange = exchange;
    this.id = id;
    this.model = model;
    this.events = exchange.events();
    this.open = new ContentBlockWriter(events);
    this.relay = new MessagesRelay(id, model);
  }

  @Override
  public void relay(VendorEvent event) {
    relayed = true;
    relay.pass(event).ifPresent(data -> events.event(MessagesRelay.name(event), data));
  }

  @Override
  public void block(Block block) {
    if (relayed) {
      return;
    }
    begin();
    switch (block) {
      case TextBlock text -> open.text(text);
      case ThinkingBlock thinking -> open.thinking(thinking);
      case ToolCallStart start -> open.call(start);
      case ToolCallDelta piece -> open.arguments(piece.call().id(), piece.call().rawArguments());
      case ToolCallBlock call -> open.wholeCall(call);
      case OpaqueBlock opaque -> open.whole(MessagesResponse.opaque(opaque.opaque()));
    }
  }

  private void begin() {
    if (events.started()) {
      return;
    }
    ObjectNode start = MessagesResponse.object("message_start");
    ObjectNode message = MessagesResponse.frame(id, model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    // Not known yet; the last event has the counts.
    message.putObject("usage").put("input_tokens", 0).put("output_tokens", 0);
    start.set("message", message);
    events.event("message_start", ExactJson.bytes(start));
  }

  @Override
  public void done(InferenceResponse response) {
    if (relayed) {
      events.event("message_delta", relay.lastEvent(response));
    } else {
      writeEnd(response);
    }
    events.event("message_stop", ExactJson.bytes(MessagesResponse.object("message_stop")));
    events.end();
  }

  private void writeEnd(InferenceResponse response) {
    begin();
    open.close();
    ObjectNode last = MessagesResponse.object("message_delta");
    last.putObject("delta")
        .put("stop_reason", MessagesResponse.word(response.finishReason()))
        .put("stop_sequence", response.stopSequence());
    last.set("usage", MessagesResponse.usage(response));
    events.event("message_delta", ExactJson.bytes(last));
  }

  @Override
  public void failed(Problem problem) {
    if (events.started()) {
      events.event("error", ExactJson.bytes(MessagesError.body(problem)));
      events.end();
    } else {
      events.stop();
      MessagesError.refuse(exchange.response(), exchange.requestId(), problem);
    }
  }

  @Override
  public void refused(VendorRefusal theirs, Problem problem) {
    if (events.started()) {
      failed(problem);
    } else {
      events.stop();
      VendorReply.refuse(exchange.response(), theirs);
    }
  }

  @Override
  public boolean full() {
    return events.full();
  }

  @Override
  public void whenDrained(Runnable action) {
    events.whenDrained(action);
  }
}

package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.EventStream;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;

/**
 * {@code message_start}, blocks one after the other, {@code message_delta}, {@code message_stop}.
 * Not thread-safe: lives on its request's context.
 *
 * <p>Format: https://platform.claude.com/docs/en/build-with-claude/streaming
 */
final class MessagesStream implements AnswerSink {
  private final Exchange exchange;
  private final String id;
  private final String model;
  private final EventStream events;
  private final OpenBlock open;

  MessagesStream(Exchange exchange, String id, String model) {
    this.exchange = exchange;
    this.id = id;
    this.model = model;
    this.events = new EventStream(exchange);
    this.open = new OpenBlock(events);
  }

  @Override
  public void block(Block block) {
    begin();
    switch (block) {
      case TextBlock text -> open.text(text);
      case ThinkingBlock thinking -> open.thinking(thinking);
      case ToolCallStart start -> open.call(start);
      case ToolCallDelta piece -> open.arguments(piece.call().id(), piece.call().rawArguments());
      case ToolCallBlock call -> open.wholeCall(call);
      case OpaqueBlock opaque -> open.whole(MessagesAnswer.opaque(opaque.opaque()));
    }
  }

  private void begin() {
    if (events.begun()) {
      return;
    }
    ObjectNode start = MessagesAnswer.object("message_start");
    ObjectNode message = MessagesAnswer.frame(id, model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    // Nobody knows yet; the last event has the count.
    message.putObject("usage").put("input_tokens", 0).put("output_tokens", 0);
    start.set("message", message);
    events.event("message_start", start);
  }

  @Override
  public void done(InferenceResponse response) {
    begin();
    open.close();
    ObjectNode last = MessagesAnswer.object("message_delta");
    last.putObject("delta")
        .put("stop_reason", MessagesAnswer.word(response.finishReason()))
        .put("stop_sequence", response.stopSequence());
    last.set("usage", MessagesAnswer.usage(response));
    events.event("message_delta", last);
    events.event("message_stop", MessagesAnswer.object("message_stop"));
    events.end();
  }

  @Override
  public void failed(Problem problem) {
    if (events.begun()) {
      events.event("error", MessagesError.body(problem));
      events.end();
    } else {
      events.stop();
      MessagesError.refuse(exchange.response(), exchange.requestId(), problem);
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

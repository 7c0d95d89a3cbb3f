package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.Carried;
import dev.concert.ensemble.compatible.EventStream;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code chat.completion.chunk} events. Not thread-safe: lives on its request's context.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/chat-streaming
 */
final class ChatStream implements AnswerSink {
  private final Exchange exchange;
  private final ChatAnswer answer;
  private final String model;
  private final boolean usage;
  private final EventStream events;

  /** The place of each call in the answer, by its id. */
  private final Map<String, Integer> calls = new LinkedHashMap<>();

  /**
   * What has to come back. It goes out in one chunk at the end: of several the SDKs keep the last.
   */
  private final ArrayNode details = JsonNodeFactory.instance.arrayNode();

  private final StringBuilder thought = new StringBuilder();

  /**
   * @param usage whether the client wants a last chunk with the count of tokens
   */
  ChatStream(Exchange exchange, ChatAnswer answer, String model, boolean usage) {
    this.exchange = exchange;
    this.answer = answer;
    this.model = model;
    this.usage = usage;
    this.events = new EventStream(exchange);
  }

  @Override
  public void block(Block block) {
    switch (block) {
      case TextBlock text when text.text().isEmpty() -> {
        // Only the end of a block, which this form does not tell apart.
      }
      case TextBlock text -> chunk(delta -> delta.put("content", text.text()));
      case ThinkingBlock thinking -> thinking(thinking);
      case ToolCallStart start -> start(start.call().id(), start.call().name());
      case ToolCallDelta piece -> arguments(piece.call().id(), piece.call().rawArguments());
      case ToolCallBlock call -> whole(call);
      case OpaqueBlock opaque -> details.add(Json.MAPPER.<ObjectNode>valueToTree(opaque));
    }
  }

  private void thinking(ThinkingBlock piece) {
    thought.append(piece.text());
    if (!piece.text().isEmpty()) {
      chunk(delta -> delta.put("reasoning_content", piece.text()));
    }
    if (piece.signature() != null || piece.opaque() != null) {
      ThinkingBlock whole =
          new ThinkingBlock(thought.toString(), piece.signature(), piece.opaque());
      thought.setLength(0);
      details.add(Json.MAPPER.<ObjectNode>valueToTree(whole));
    }
  }

  private void start(String id, String name) {
    int index = calls.size();
    calls.put(id, index);
    chunk(
        delta -> {
          ObjectNode call =
              delta.putArray("tool_calls").addObject().put("index", index).put("id", id);
          call.put("type", "function").putObject("function").put("name", name).put("arguments", "");
        });
  }

  private void arguments(String id, String piece) {
    chunk(
        delta ->
            delta
                .putArray("tool_calls")
                .addObject()
                .put("index", calls.getOrDefault(id, 0))
                .putObject("function")
                .put("arguments", piece));
  }

  /** The pieces were sent already, unless the provider sends calls only whole. */
  private void whole(ToolCallBlock block) {
    String id = block.call().id();
    if (!calls.containsKey(id)) {
      start(id, block.call().name());
      arguments(id, block.call().argumentsText());
    }
    if (block.opaque() != null) {
      chunk(
          delta ->
              delta
                  .putArray("tool_calls")
                  .addObject()
                  .put("index", calls.get(id))
                  .put("ensemble_opaque", Carried.text(block.opaque())));
    }
  }

  private void chunk(Consumer<ObjectNode> content) {
    if (!events.begun()) {
      send(delta -> delta.put("role", "assistant").put("content", ""), null);
    }
    send(content, null);
  }

  private void send(Consumer<ObjectNode> content, String finish) {
    ObjectNode chunk = answer.frame("chat.completion.chunk", model);
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    content.accept(choice.putObject("delta"));
    choice.putNull("logprobs").put("finish_reason", finish);
    if (usage) {
      chunk.putNull("usage");
    }
    events.data(chunk);
  }

  @Override
  public void done(InferenceResponse response) {
    if (!events.begun()) {
      send(delta -> delta.put("role", "assistant").put("content", ""), null);
    }
    if (!details.isEmpty()) {
      send(delta -> delta.set("reasoning_details", details), null);
    }
    send(delta -> {}, ChatAnswer.word(response.finishReason()));
    if (usage) {
      ObjectNode last = answer.frame("chat.completion.chunk", model);
      last.putArray("choices");
      last.set("usage", ChatAnswer.usage(response));
      events.data(last);
    }
    events.text("[DONE]");
    events.end();
  }

  /** After the first chunk the SDKs know a failure by an {@code error} and a missing end mark. */
  @Override
  public void failed(Problem problem) {
    if (events.begun()) {
      events.data(OpenAiError.body(problem));
      events.end();
    } else {
      events.stop();
      OpenAiError.refuse(exchange.response(), problem);
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

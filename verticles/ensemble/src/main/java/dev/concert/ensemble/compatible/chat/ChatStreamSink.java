package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * {@code chat.completion.chunk} events. Not thread-safe: lives on its request's context.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/chat-streaming
 */
final class ChatStreamSink implements ResponseSink {
  private final HttpExchange exchange;
  private final ChatResponse answer;
  private final String model;
  private final boolean usage;
  private final SseResponse events;

  private final StreamedCalls calls;

  /**
   * What the client has to send back. It is sent in one chunk at the end, because the SDKs keep
   * only the last of several.
   */
  private final ArrayNode details = JsonNodeFactory.instance.arrayNode();

  private final ChatExtras extras = new ChatExtras();
  private boolean begun;
  private final StringBuilder thought = new StringBuilder();

  /**
   * @param usage whether the client wants a last chunk with the token counts
   */
  ChatStreamSink(HttpExchange exchange, ChatResponse answer, String model, boolean usage) {
    this.exchange = exchange;
    this.answer = answer;
    this.model = model;
    this.usage = usage;
    this.events = exchange.events();
    this.calls = new StreamedCalls(answer.tools(), this::chunk);
  }

  @Override
  public void block(Block block) {
    switch (block) {
      case TextBlock text when text.text().isEmpty() -> {
        // Only the end of a block, for which this format has no event.
      }
      case TextBlock text -> chunk(delta -> delta.put("content", text.text()));
      case ThinkingBlock thinking -> thinking(thinking);
      case ToolCallStart start ->
          calls.start(start.call().id(), start.call().name(), start.opaque());
      case ToolCallDelta piece -> calls.arguments(piece.call().id(), piece.call().rawArguments());
      case ToolCallBlock call -> calls.whole(call);
      case OpaqueBlock opaque -> {
        details.add(Json.MAPPER.<ObjectNode>valueToTree(opaque));
        if (GeneratedImage.is(opaque)) {
          chunk(delta -> GeneratedImage.write(delta, opaque));
        }
      }
    }
  }

  /** Blocks say the rest; so a server's own way to write it does not reach the client. */
  @Override
  public void relay(VendorEvent event) {
    relay(event.json(), "delta");
  }

  @Override
  public void relayWhole(JsonNode body) {
    relay(body, "message");
  }

  private void relay(JsonNode theirs, String field) {
    extras
        .read(theirs, field)
        .ifPresent(
            news -> {
              begin();
              ObjectNode chunk = answer.frame("chat.completion.chunk", model);
              chunk.setAll(news);
              events.data(ExactJson.bytes(chunk));
            });
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

  private void begin() {
    if (!begun) {
      begun = true;
      send(delta -> delta.put("role", "assistant").put("content", ""), null);
    }
  }

  private void chunk(Consumer<ObjectNode> content) {
    begin();
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
    events.data(ExactJson.bytes(chunk));
  }

  @Override
  public void done(InferenceResponse response) {
    begin();
    if (!details.isEmpty()) {
      send(delta -> delta.set("reasoning_details", details), null);
    }
    send(delta -> {}, answer.word(response.finishReason()));
    if (usage) {
      ObjectNode last = answer.frame("chat.completion.chunk", model);
      last.putArray("choices");
      last.set("usage", ChatResponse.usage(response));
      events.data(ExactJson.bytes(last));
    }
    events.data(Buffer.buffer("[DONE]"));
    events.end();
  }

  /**
   * After the first chunk the SDKs recognize a failure by an {@code error} and a missing end mark.
   */
  @Override
  public void failed(Problem problem) {
    if (events.started()) {
      events.data(ExactJson.bytes(OpenAiError.body(problem)));
      events.end();
    } else {
      events.stop();
      OpenAiError.refuse(exchange.response(), problem);
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

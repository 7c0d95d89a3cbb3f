package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.EventStream;
import dev.concert.ensemble.compatible.Exchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;

/**
 * {@code response.created}, the events of the items, and one of {@code response.completed}, {@code
 * response.incomplete} and {@code response.failed}. Not thread-safe: lives on its request's
 * context.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses-streaming
 */
final class ResponsesStream implements AnswerSink {
  private final Exchange exchange;
  private final ResponsesAnswer answer;
  private final EventStream events;
  private final OutputItems items;
  private long number;

  ResponsesStream(Exchange exchange, ResponsesAnswer answer) {
    this.exchange = exchange;
    this.answer = answer;
    this.events = new EventStream(exchange);
    this.items = new OutputItems(exchange.requestId(), this::send);
  }

  @Override
  public void block(Block block) {
    begin();
    items.add(block);
  }

  @Override
  public void done(InferenceResponse response) {
    begin();
    ObjectNode ended = answer.ended(items, response);
    send("response." + ended.path("status").asText(), ended);
    events.end();
  }

  @Override
  public void failed(Problem problem) {
    if (!events.begun()) {
      events.stop();
      OpenAiError.refuse(exchange.response(), problem);
      return;
    }
    begin();
    items.end(false);
    ObjectNode response = answer.frame("failed", items.written());
    response.putObject("error").put("code", code(problem)).put("message", problem.forPerson());
    send("response.failed", response);
    events.end();
  }

  /** Agents wait and ask again on this word. */
  private static String code(Problem problem) {
    return switch (problem.code()) {
      case PROVIDER_OVERLOADED -> "server_is_overloaded";
      case PROVIDER_FAILED, TIMEOUT, INTERNAL -> "server_error";
      case ErrorCode other -> OpenAiError.code(other);
    };
  }

  private void begin() {
    if (number == 0) {
      ObjectNode begun = answer.frame("in_progress", Body.newObject().arrayNode());
      send("response.created", begun);
      send("response.in_progress", begun);
    }
  }

  private void send(String type, ObjectNode response) {
    ObjectNode event = Body.newObject().put("type", type);
    event.set("response", response);
    send(event);
  }

  private void send(ObjectNode event) {
    event.put("sequence_number", number++);
    events.event(event.path("type").asText(), event);
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

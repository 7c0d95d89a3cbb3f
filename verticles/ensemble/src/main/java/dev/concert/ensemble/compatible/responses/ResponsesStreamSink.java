package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.http.HttpAdvice;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;

/**
 * Streams a response as {@code response.created}, the events of the items, and one of {@code
 * response.completed}, {@code response.incomplete} and {@code response.failed}. Not thread-safe:
 * lives on its request's context.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses-streaming
 */
final class ResponsesStreamSink implements ResponseSink {
  private final HttpExchange exchange;
  private final ResponseObject answer;
  private final SseResponse events;
  private final OutputItemWriter items;
  private final ResponsesRelay relay;
  private boolean relayed;
  private long number;

  ResponsesStreamSink(HttpExchange exchange, ResponseObject answer) {
    this.exchange = exchange;
    this.answer = answer;
    this.events = exchange.events();
    this.items = new OutputItemWriter(exchange.requestId(), answer.tools(), this::send);
    this.relay = new ResponsesRelay(answer);
  }

  @Override
  public void relay(VendorEvent event) {
    relayed = true;
    relay.pass(event).ifPresent(passed -> events.event(passed.type(), passed.data()));
  }

  @Override
  public void block(Block block) {
    if (relayed) {
      return;
    }
    begin();
    if (!answer.compacts()) {
      items.add(block);
    }
  }

  @Override
  public void done(InferenceResponse response) {
    ObjectNode ended;
    try {
      ended = ended(response);
    } catch (ConcertException nothing) {
      failed(nothing.problem());
      return;
    }
    answer.saved(
        ended,
        () -> {
          if (relayed) {
            ResponsesRelay.Passed last = relay.lastEvent(ended);
            events.event(last.type(), last.data());
          } else {
            send("response." + ended.path("status").asText(), ended);
          }
          events.end();
        });
  }

  private ObjectNode ended(InferenceResponse response) {
    if (relayed) {
      return relay.whole(response);
    }
    begin();
    return answer.compacts()
        ? answer.compacted(response, this::send)
        : answer.ended(items, response);
  }

  @Override
  public void failed(Problem problem) {
    if (!events.started()) {
      events.stop();
      OpenAiError.refuse(exchange.response(), problem);
      return;
    }
    ObjectNode response = answer.frame("failed", written());
    response
        .putObject("error")
        .put("code", code(problem))
        .put("message", HttpAdvice.sentence(problem));
    send("response.failed", response);
    events.end();
  }

  private ArrayNode written() {
    if (relayed) {
      number = relay.number();
      return relay.items();
    }
    begin();
    items.end(false);
    return items.written();
  }

  /** Agents retry on these codes. */
  private static String code(Problem problem) {
    return switch (problem.code()) {
      case PROVIDER_OVERLOADED -> "server_is_overloaded";
      case PROVIDER_FAILED, TIMEOUT, INTERNAL -> "server_error";
      case ErrorCode other -> OpenAiError.code(other);
    };
  }

  private void begin() {
    if (number == 0) {
      ObjectNode begun = answer.frame("in_progress", VendorJson.newObject().arrayNode());
      send("response.created", begun);
      send("response.in_progress", begun);
    }
  }

  private void send(String type, ObjectNode response) {
    ObjectNode event = VendorJson.newObject().put("type", type);
    event.set("response", response);
    send(event);
  }

  private void send(ObjectNode event) {
    event.put("sequence_number", number++);
    events.event(event.path("type").asText(), ExactJson.bytes(event));
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

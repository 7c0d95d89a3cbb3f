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
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  private final Future<Void> begun;
  private final List<Runnable> held = new ArrayList<>();
  private Optional<Runnable> drained = Optional.empty();
  private boolean clientIsThere = true;
  private boolean relayed;
  private long number;

  ResponsesStreamSink(HttpExchange exchange, ResponseObject answer) {
    this.exchange = exchange;
    this.answer = answer;
    this.begun = answer.begun();
    this.events = exchange.events();
    this.items = new OutputItemWriter(exchange.requestId(), answer.tools(), this::send);
    this.relay = new ResponsesRelay(answer);
    begun.onComplete(known -> release());
  }

  /** The id is not shown before every node can find the response. */
  private void inOrder(Runnable work) {
    if (begun.isComplete() && held.isEmpty()) {
      work.run();
    } else {
      held.add(work);
    }
  }

  private void release() {
    held.forEach(Runnable::run);
    held.clear();
    drained.ifPresent(Runnable::run);
  }

  @Override
  public void relay(VendorEvent event) {
    inOrder(
        () -> {
          relayed = true;
          relay.pass(event).ifPresent(passed -> events.event(passed.type(), passed.data()));
        });
  }

  @Override
  public void block(Block block) {
    inOrder(() -> write(block));
  }

  private void write(Block block) {
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
    inOrder(() -> end(response));
  }

  private void end(InferenceResponse response) {
    ObjectNode ended;
    try {
      ended = ended(response);
    } catch (ConcertException nothing) {
      fail(nothing.problem());
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
    inOrder(() -> fail(problem));
  }

  private void fail(Problem problem) {
    if (!events.started()) {
      answer.dropped();
      events.stop();
      OpenAiError.refuse(exchange.response(), problem);
      return;
    }
    ObjectNode response = answer.frame("failed", written());
    response
        .putObject("error")
        .put("code", code(problem))
        .put("message", HttpAdvice.sentence(problem));
    answer.saved(
        response,
        () -> {
          send("response.failed", response);
          events.end();
        });
  }

  @Override
  public void left() {
    inOrder(
        () -> {
          if (events.started()) {
            answer.saved(answer.frame("cancelled", written()), events::stop);
          } else {
            answer.dropped();
            events.stop();
          }
        });
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
    inOrder(
        () -> {
          if (events.started()) {
            fail(problem);
          } else {
            answer.dropped();
            events.stop();
            VendorReply.refuse(exchange.response(), theirs);
          }
        });
  }

  @Override
  public boolean storesTheRest() {
    clientIsThere = !answer.isStored();
    return !clientIsThere;
  }

  @Override
  public boolean full() {
    return clientIsThere && (!begun.isComplete() || events.full());
  }

  @Override
  public void whenDrained(Runnable action) {
    if (begun.isComplete()) {
      events.whenDrained(action);
    } else {
      drained = Optional.of(action);
    }
  }
}

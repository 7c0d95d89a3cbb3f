package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Reports, in every API format, the cost of a response (as a header if it is sent whole, as a
 * trailer if it is streamed) and the fields of the request that the provider did not receive.
 *
 * @param answer receives the response
 * @param names how the client calls the fields of its request
 */
record AnswerHeaderSink(HttpServerResponse response, ResponseSink answer, FieldNames names)
    implements ResponseSink {
  /** US dollars, exact, as a plain decimal. */
  static final String COST = "x-ensemble-cost";

  /** Places in the client's request, with commas between them. */
  static final String DROPPED = "x-ensemble-dropped";

  private static final int LONGEST = 2_000;

  @Override
  public void block(Block block) {
    answer.block(block);
  }

  @Override
  public void relay(VendorEvent event) {
    answer.relay(event);
  }

  @Override
  public void relayBytes(String contentType, Buffer piece) {
    answer.relayBytes(contentType, piece);
  }

  @Override
  public void relayWhole(JsonNode body) {
    answer.relayWhole(body);
  }

  @Override
  public void dropped(List<String> fields) {
    if (response.headWritten()) {
      return;
    }
    if (fields.isEmpty()) {
      response.headers().remove(DROPPED);
      return;
    }
    // Names come from the client, and a header has no control characters and no other scripts.
    String named = String.join(", ", fields).replaceAll("[^ -~]", "?");
    response.putHeader(
        DROPPED, named.length() <= LONGEST ? named : named.substring(0, LONGEST) + "...");
  }

  @Override
  public void done(InferenceResponse whole) {
    if (!response.closed()) {
      if (response.headWritten()) {
        response.putTrailer(COST, whole.cost());
      } else {
        response.putHeader(COST, whole.cost());
      }
    }
    answer.done(whole);
  }

  @Override
  public void failed(Problem problem) {
    answer.failed(names.in(problem));
  }

  @Override
  public void refused(VendorRefusal theirs, Problem problem) {
    answer.refused(theirs, names.in(problem));
  }

  @Override
  public boolean storesTheRest() {
    return answer.storesTheRest();
  }

  @Override
  public void left() {
    answer.left();
  }

  @Override
  public boolean full() {
    return answer.full();
  }

  @Override
  public void whenDrained(Runnable action) {
    answer.whenDrained(action);
  }
}

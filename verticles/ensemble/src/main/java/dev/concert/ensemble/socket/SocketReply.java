package dev.concert.ensemble.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.ensemble.http.ErrorBody;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.json.Json;

/** A message to a WebSocket client: one JSON object in a text message. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(SocketReply.Authenticated.class),
  @JsonSubTypes.Type(SocketReply.Block.class),
  @JsonSubTypes.Type(SocketReply.Done.class),
  @JsonSubTypes.Type(SocketReply.Failed.class),
  @JsonSubTypes.Type(SocketReply.Cancelled.class),
  @JsonSubTypes.Type(SocketReply.Pong.class)
})
sealed interface SocketReply {

  @JsonTypeName("authenticated")
  record Authenticated() implements SocketReply {}

  @JsonTypeName("block")
  record Block(@JsonProperty("request_id") String requestId, dev.concert.ensemble.block.Block block)
      implements SocketReply {}

  @JsonTypeName("done")
  record Done(
      @JsonProperty("request_id") String requestId,
      InferenceResponse response,
      @JsonUnwrapped CallSummary facts)
      implements SocketReply {}

  /**
   * A failed call, or an invalid message.
   *
   * @param requestId null if the message has none
   * @param facts null if it is not the end of a call
   */
  @JsonTypeName("error")
  record Failed(
      @JsonProperty("request_id") String requestId,
      ErrorBody error,
      @JsonUnwrapped CallSummary facts)
      implements SocketReply {}

  /** The end of a cancelled call. */
  @JsonTypeName("cancelled")
  record Cancelled(@JsonProperty("request_id") String requestId) implements SocketReply {}

  @JsonTypeName("pong")
  record Pong() implements SocketReply {}

  default String text() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode the record: " + getClass(), e);
    }
  }
}

package dev.concert.ensemble.socket;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.bus.Json;
import dev.concert.ensemble.api.ErrorBody;
import dev.concert.ensemble.message.InferenceResponse;

/** What Ensemble says over a WebSocket, one JSON object in a text message. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(ServerMessage.Authenticated.class),
  @JsonSubTypes.Type(ServerMessage.Block.class),
  @JsonSubTypes.Type(ServerMessage.Done.class),
  @JsonSubTypes.Type(ServerMessage.Failed.class),
  @JsonSubTypes.Type(ServerMessage.Cancelled.class),
  @JsonSubTypes.Type(ServerMessage.Pong.class)
})
sealed interface ServerMessage {

  @JsonTypeName("authenticated")
  record Authenticated() implements ServerMessage {}

  @JsonTypeName("block")
  record Block(@JsonProperty("request_id") String requestId, dev.concert.ensemble.block.Block block)
      implements ServerMessage {}

  @JsonTypeName("done")
  record Done(
      @JsonProperty("request_id") String requestId,
      InferenceResponse response,
      @JsonUnwrapped CallFacts facts)
      implements ServerMessage {}

  /**
   * The end of a call, or what was wrong with a message.
   *
   * @param requestId null where the message named none
   * @param facts null where it was no call's end
   */
  @JsonTypeName("error")
  record Failed(
      @JsonProperty("request_id") String requestId, ErrorBody error, @JsonUnwrapped CallFacts facts)
      implements ServerMessage {}

  /** The end of a call that the client did not want any more. */
  @JsonTypeName("cancelled")
  record Cancelled(@JsonProperty("request_id") String requestId) implements ServerMessage {}

  @JsonTypeName("pong")
  record Pong() implements ServerMessage {}

  default String text() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of ours cannot be written: " + getClass(), e);
    }
  }
}

package dev.concert.agentevent;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEventJson;

/**
 * Something that an agent did, in the clients' vocabulary, on its way from the coordinator to the
 * gateway.
 *
 * @param messageId the message that the agent worked on; null for what belongs to no message
 * @param event a {@code turn_complete} or {@code turn_error} with a message id ends that message;
 *     the gateway fills in what the turn used
 */
public record AgentEvent(
    String messageId,
    @JsonSerialize(using = ServerEventJson.Writer.class)
        @JsonDeserialize(using = ServerEventJson.Reader.class)
        ServerEvent event) {

  /** An event of the instance, not of a message. */
  public static AgentEvent ofInstance(ServerEvent event) {
    return new AgentEvent(null, event);
  }
}

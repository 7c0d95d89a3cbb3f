package dev.concert.coordinator.ipc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.agentevent.AgentEventMapper;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerProtocol;
import java.util.Optional;

/**
 * One piece of an agent's work, as it comes in {@code stream_update}.
 *
 * @param type the name that the agent gave it
 * @param known false when no event has this name
 * @param event what a client is told; empty for an element that shows nothing, or that an agent may
 *     not say
 */
public record Element(String type, boolean known, Optional<ServerEvent> event) {

  /**
   * Reads an element.
   *
   * @throws IllegalArgumentException when it is no object with a type, or a field of its type does
   *     not fit; the message is the field's name
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Element of(JsonNode json) {
    if (json.isNull() || !json.isObject()) {
      throw new IllegalArgumentException("element");
    }
    String type = json.path("type").asText("");
    Optional<ServerEvent> event =
        AgentEventMapper.map(type, json)
            .filter(one -> ServerProtocol.row(one).source() == ServerProtocol.Source.AGENT);
    return new Element(type, AgentEventMapper.knows(type), event);
  }
}

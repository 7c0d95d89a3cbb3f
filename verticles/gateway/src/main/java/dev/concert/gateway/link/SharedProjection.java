package dev.concert.gateway.link;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.util.Optional;

/**
 * What the holder of a link sees of a session's events: the messages of the conversation, that it
 * went back, and whether the agent is at work. No tool, file, question or answer, no name or id of
 * a person.
 */
enum SharedProjection implements EventProjection {
  SHARED;

  @Override
  public Optional<String> project(SessionEvent event) {
    return switch (event.event()) {
      case ServerEvent.Message message -> Optional.of(message(event.seq(), message).toString());
      case ServerEvent.SessionRewound rewound ->
          Optional.of(of("rewound").put("fromSeq", rewound.fromSeq()).toString());
      case ServerEvent.TurnStarted _ -> Optional.of(work(true));
      case ServerEvent.TurnComplete _ -> Optional.of(work(false));
      case ServerEvent.TurnError _ -> Optional.of(work(false));
      default -> Optional.empty();
    };
  }

  private static ObjectNode of(String type) {
    return Json.MAPPER.createObjectNode().put("type", type);
  }

  private static ObjectNode message(long seq, ServerEvent.Message message) {
    return of("message")
        .put("seq", seq)
        .put("role", message.role())
        .put("content", message.content())
        .put("createdAt", message.createdAt());
  }

  private static String work(boolean isAtWork) {
    return of("work").put("isAtWork", isAtWork).toString();
  }

  /** The first of all: what the page shows above the messages. */
  static String opening(String sessionName) {
    return of("opened").put("name", sessionName).toString();
  }

  /** The last of all. */
  static String ended() {
    return of("ended").toString();
  }
}

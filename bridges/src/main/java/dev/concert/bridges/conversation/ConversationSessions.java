package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.view.FileMarkers;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Makes the session of a conversation. A session says which event it was made for, so that an event
 * that is handled again after a crash finds the one that it made before.
 */
final class ConversationSessions {
  private static final int SEARCHED = 500;

  private final ConversationStore conversations;
  private final String agentType;

  ConversationSessions(ConversationStore conversations, String agentType) {
    this.conversations = conversations;
    this.agentType = agentType;
  }

  /**
   * Makes a session, and binds the conversation to it.
   *
   * @param takesFiles whether people there can be sent files, which the agent is told
   */
  Future<String> create(MemberRequest request, boolean takesFiles) {
    InboundEvent event = request.event();
    return made(request)
        .compose(
            made ->
                made.map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            conversations
                                .model(request.connection().id(), event.conversation())
                                .compose(model -> create(request, model, takesFiles))))
        .compose(
            id ->
                conversations
                    .bind(request.connection().id(), event.conversation(), event.channel(), id)
                    .map(id));
  }

  /** Only an event that was tried before may have made one. */
  private static Future<Optional<String>> made(MemberRequest request) {
    return request.isAgain()
        ? request
            .call("list_sessions", GatewayClient.request().put("limit", SEARCHED))
            .map(list -> made(request, list))
        : Future.succeededFuture(Optional.empty());
  }

  private static Optional<String> made(MemberRequest request, JsonNode list) {
    for (JsonNode session : list.path("sessions")) {
      JsonNode metadata = session.path("metadata");
      if (metadata.path("connection").asText().equals(request.connection().id())
          && metadata.path("event").asText().equals(request.event().eventId())) {
        return Optional.of(session.path("id").asText());
      }
    }
    return Optional.empty();
  }

  private Future<String> create(MemberRequest request, Optional<String> model, boolean takesFiles) {
    InboundEvent event = request.event();
    ObjectNode create =
        GatewayClient.request()
            .put("agentType", request.connection().settings().getOrDefault("agent", agentType))
            // Others in the channel see the conversation, and may go on with it.
            .put("visibility", event.isDirect() ? "private" : "tenant");
    model.ifPresent(name -> create.put("model", name));
    ObjectNode metadata = create.putObject("metadata");
    if (takesFiles) {
      metadata.put("agentInstructions", FileMarkers.INSTRUCTIONS);
    }
    metadata
        .put("bridge", request.connection().platform())
        .put("connection", request.connection().id())
        .put("conversation", event.conversation())
        .put("event", event.eventId());
    return request
        .call("create_session", create)
        .map(created -> created.path("session").path("id").asText());
  }
}

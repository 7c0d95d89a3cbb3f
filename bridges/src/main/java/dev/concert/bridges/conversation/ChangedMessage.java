package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.conversation.ConversationStore.FollowedTurn;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;

/**
 * A message that began a turn is changed or taken back. As long as the turn runs, the change
 * reaches the agent, and a message that is gone stops it; later nothing is changed.
 */
final class ChangedMessage {
  private final String tenantId;
  private final GatewayClient gateway;
  private final ConversationStore conversations;

  ChangedMessage(String tenantId, GatewayClient gateway, ConversationStore conversations) {
    this.tenantId = tenantId;
    this.gateway = gateway;
    this.conversations = conversations;
  }

  Future<Void> follow(String connectionId, InboundEvent event) {
    return conversations
        .openOf(connectionId, event.about())
        .compose(turn -> turn.map(one -> follow(one, event)).orElseGet(Future::succeededFuture));
  }

  /** Platforms let only the author change a message: it is the turn's own member who does it. */
  private Future<Void> follow(FollowedTurn turn, InboundEvent event) {
    ObjectNode request = GatewayClient.request().put("sessionId", turn.sessionId());
    boolean isGone = event.kind() == Kind.DELETE;
    if (!isGone) {
      request.put("text", "I have changed my message. It says now:\n" + event.text());
    }
    return gateway
        .call(tenantId, turn.userId(), isGone ? "stop_turn" : "steer", request)
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.NO_TURN
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }
}

package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;

/**
 * A member of a tenant, and what that member does in a chat.
 *
 * @param isAgain whether the event was tried before
 */
record MemberRequest(
    GatewayClient gateway,
    String tenantId,
    ChatConnection connection,
    InboundEvent event,
    String userId,
    boolean isAgain) {

  /** Calls an operation in the member's name. */
  Future<JsonNode> call(String operation, ObjectNode fields) {
    return gateway.call(tenantId, userId, operation, fields);
  }
}

package dev.concert.bridges.conversation;

import dev.concert.bridges.connection.ConnectionStore;
import dev.concert.bridges.platform.ChatPlatform;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import java.util.Map;

/**
 * What the chats of all tenants share.
 *
 * @param platforms by name
 * @param circuit of the credentials of all connections
 * @param bus that carries messages to the automation engine
 * @param agentType of new sessions, where a connection names none
 */
public record ChatServices(
    GatewayClient gateway,
    ConnectionStore connections,
    Map<String, ChatPlatform> platforms,
    PairingAttempts attempts,
    TokenCircuit circuit,
    ConcertBus bus,
    String agentType) {}

package dev.concert.coordinator.instance;

import dev.concert.coordinator.egress.AgentNetwork;
import dev.concert.coordinator.event.ReplayBuffer;
import dev.concert.coordinator.event.WorkspaceFeed;
import dev.concert.coordinator.ipc.AgentConnection;
import dev.concert.coordinator.ipc.AgentSocket;
import dev.concert.coordinator.process.AgentProcess;
import dev.concert.coordinator.state.AgentState;
import java.util.Optional;

/**
 * Everything that one agent process has and that goes with it.
 *
 * @param network empty where the agent has the network of this host
 */
record AgentParts(
    ReplayBuffer stream,
    WorkspaceFeed feed,
    AgentState state,
    AgentProcess process,
    AgentSocket socket,
    Optional<AgentNetwork> network,
    AgentConnection connection,
    EnsembleAccess access) {}

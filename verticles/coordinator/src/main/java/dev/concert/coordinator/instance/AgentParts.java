package dev.concert.coordinator.instance;

import dev.concert.coordinator.event.EventStream;
import dev.concert.coordinator.event.WorkspaceFeed;
import dev.concert.coordinator.ipc.AgentConnection;
import dev.concert.coordinator.ipc.AgentSocket;
import dev.concert.coordinator.sandbox.AgentProcess;
import dev.concert.coordinator.state.AgentState;

/** Everything that one agent process has and that goes with it. */
record AgentParts(
    EventStream stream,
    WorkspaceFeed feed,
    AgentState state,
    AgentProcess process,
    AgentSocket socket,
    AgentConnection connection) {}

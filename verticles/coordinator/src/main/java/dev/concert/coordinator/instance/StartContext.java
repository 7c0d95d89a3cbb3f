package dev.concert.coordinator.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.deployment.Deployment;
import dev.concert.coordinator.event.WorkspaceFeed;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.state.AgentState;
import java.nio.file.Path;

/**
 * Everything that an agent needs before its process starts.
 *
 * @param config that of the agent type, with what the tenant and the user add
 * @param workspace absolute path of the mounted workspace
 * @param access address and token for Ensemble
 */
record StartContext(
    Deployment deployment,
    ObjectNode config,
    PythonRuntime python,
    InstanceFolder folder,
    AgentState state,
    Path workspace,
    WorkspaceFeed feed,
    EnsembleAccess access) {

  /** What this agent may use. */
  ResourceLimits limits(InstanceServices services) {
    return deployment.manifest().limits(services.options().limits().agent());
  }
}

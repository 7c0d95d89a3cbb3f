package dev.concert.coordinator.deployment;

import java.nio.file.Path;

/**
 * An agent type that lies ready on this host.
 *
 * @param folder the agent's own files
 * @param entry absolute path of the file that the runtime is given
 */
public record Deployment(AgentManifest manifest, Path folder, Path entry) {}

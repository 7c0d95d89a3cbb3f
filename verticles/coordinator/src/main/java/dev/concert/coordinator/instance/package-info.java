/**
 * Instances and the life of their processes.
 *
 * <p>{@code Instances} finds an {@code Instance} by its id. A start runs {@code Startup} (files,
 * workspace, access to Ensemble; each step has a {@code Rollback}) and {@code ProcessLaunch}
 * (socket, process, handshake), and yields an {@code AgentRun}: one process from its connection to
 * its exit. {@code FrameHandler} handles what the process sends, {@code AgentDialog} knows which
 * message is in flight, {@code Teardown} cleans up and reports the {@code ExitReason}.
 */
package dev.concert.coordinator.instance;

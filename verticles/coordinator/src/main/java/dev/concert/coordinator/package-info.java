/**
 * Podium, the agent coordinator of one host.
 *
 * <p>An <em>instance</em> is an agent's identity: a folder, a workspace, a state. At most one
 * <em>agent process</em> of an instance runs at a time; each process is an <em>epoch</em>. The
 * verticle serves the bus, {@code instance} manages instances, {@code process} and {@code sandbox}
 * run the operating system's side, {@code ipc} speaks the agent protocol, and {@code event} numbers
 * what agents do and publishes it.
 */
package dev.concert.coordinator;

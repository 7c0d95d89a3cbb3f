/**
 * The agent protocol (docs/agent-protocol.md): length-prefixed JSON <em>frames</em> over a Unix
 * socket. {@code AgentFrame} is what an agent sends, {@code CoordinatorFrame} what it receives, and
 * an {@code Element} one piece of an agent's work inside a {@code stream_update} frame.
 */
package dev.concert.coordinator.ipc;

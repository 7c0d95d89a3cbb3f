/**
 * Agent types. A <em>deployment</em> is an agent type whose files are on this host; its
 * <em>manifest</em> is {@code agent.json}; the <em>catalog</em> is the folder that holds them all.
 */
package dev.concert.coordinator.deployment;

/**
 * What tenants and users want of their agents beyond what an agent type says. A <em>profile</em> is
 * a folder with {@code AGENTS.md} (instructions), {@code permissions.json} (rules) and {@code
 * mcp.json} (servers of the Model Context Protocol); each file may be left out.
 */
package dev.concert.coordinator.profile;

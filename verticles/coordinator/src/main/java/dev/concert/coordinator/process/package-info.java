/**
 * Agent processes of this host: start, log, limits, exit, cleanup.
 *
 * <p>A <em>process family</em> is everything that an agent's first process started. A <em>process
 * record</em> is a file that names that process, so that the next coordinator can find an
 * <em>orphan</em>: a process whose coordinator was killed.
 */
package dev.concert.coordinator.process;

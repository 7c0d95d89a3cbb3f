/**
 * Workspaces on hosts without FUSE: the agent has the real folder, and watching it feeds the
 * journal.
 */
package dev.concert.chronicle.folder;

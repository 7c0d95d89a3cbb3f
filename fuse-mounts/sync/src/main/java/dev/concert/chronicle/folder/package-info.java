/**
 * Workspaces on hosts without FUSE: the agent works in the real folder, and a folder watch feeds
 * the journal.
 */
package dev.concert.chronicle.folder;

/**
 * Local sync: a folder on somebody's machine and a session's workspace, kept equal in both
 * directions, so that a person edits in an IDE while the agent works.
 *
 * <p>What is sent, taken and in conflict is decided by {@code replication.replica}. This package
 * has what is special about a person's folder: which files take part ({@link
 * dev.concert.chronicle.localsync.IgnoreRules}), how they are read and written safely ({@link
 * dev.concert.chronicle.localsync.LocalFolder}), when something in it changed ({@link
 * dev.concert.chronicle.localsync.FolderWatcher}), and what becomes of conflicts.
 */
package dev.concert.chronicle.localsync;

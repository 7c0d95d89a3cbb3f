/**
 * Workspaces on this host and how the rest of Concert reaches them.
 *
 * <p>Layout of a workspace {@code W} below the instances folder: {@code W/chronicle/tree} has the
 * real files, {@code mount} is where the agent sees them, {@code metadata/chronicle.db} is the
 * journal, {@code metadata/changes-*.log} what is not in it yet, {@code orphans} has files that are
 * unlinked but open, {@code served-by} says which process serves the mount.
 */
package dev.concert.chronicle.workspace;

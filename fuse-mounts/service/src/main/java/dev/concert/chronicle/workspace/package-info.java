/**
 * The workspaces of this host: opening, mounting, closing, and changing their files from outside.
 *
 * <p>Nouns. A <em>workspace</em> is open: it has a journal, a recorder and a view of its files. A
 * <em>workspace handle</em> opens and mounts it at most once. The <em>mount strategy</em> chooses
 * between a FUSE mount and a watched folder; an <em>attachment</em> is the result. <em>Live
 * files</em> are changed through the mount where there is one. <em>Upload names</em> are names of
 * files that are written beside the tree and renamed into it. <em>Staged files</em> wait beside the
 * tree until all of an import is there; <em>handed files</em> were laid there by a program of this
 * machine.
 *
 * <p>Layout of a workspace {@code W} below the instances folder: {@code W/chronicle/tree} has the
 * real files, {@code mount} is where the agent sees them, {@code metadata/chronicle.db} is the
 * journal, {@code metadata/changes-*.log} the changes that are not in it yet, {@code orphans} has
 * files that are unlinked but open, {@code served-by} names the process that serves the mount.
 */
package dev.concert.chronicle.workspace;

/**
 * The filesystem core: the real files of a workspace as a {@code FileSystem} whose changes are
 * recorded ({@code VersionedTree}). {@code ChangeReporter} reports changes to the recorder in the
 * order in which they happen, {@code NamespaceLock} and {@code InodeLocks} keep that order, {@code
 * OrphanNames} are hidden names of files that lost theirs before they were read. The core does not
 * know what mounts it.
 *
 * <p>Paths are relative to the root, with {@code /} between their parts; the root is the empty
 * path.
 */
package dev.concert.chronicle.tree;

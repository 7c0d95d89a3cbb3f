/**
 * The real files of a workspace: as a filesystem whose changes are recorded ({@link
 * dev.concert.chronicle.tree.VersionedTree}), and as a view for those who only read ({@link
 * dev.concert.chronicle.tree.TreeView}). Knows nothing of who mounts it.
 *
 * <p>Paths are relative to the root, with {@code /} between their parts; the root is the empty
 * path.
 */
package dev.concert.chronicle.tree;

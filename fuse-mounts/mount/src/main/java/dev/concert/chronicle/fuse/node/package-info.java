/**
 * The numbers by which the kernel names files. {@code NodeTable} has a {@code FileNode} for each
 * file that the kernel knows, with its names and open handles; {@code PathLock} turns a node into a
 * path that stays valid while it is used.
 */
package dev.concert.chronicle.fuse.node;

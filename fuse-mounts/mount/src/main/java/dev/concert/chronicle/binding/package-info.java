/**
 * What the bindings have in common. A {@code MountBinding} mounts a {@link
 * dev.concert.chronicle.tree.FileSystem}; {@link dev.concert.chronicle.fuse} and {@link
 * dev.concert.chronicle.jnr} are the two. {@code MountTable} reads the kernel's list of mounts,
 * {@code StaleMounts} clears mounts that a killed process left, {@code Unmounter} and {@code
 * Fusermount} do what users other than root cannot do themselves.
 */
package dev.concert.chronicle.binding;

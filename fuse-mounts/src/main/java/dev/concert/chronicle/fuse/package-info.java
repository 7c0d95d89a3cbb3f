/**
 * Mounts a {@link dev.concert.chronicle.tree.FileSystem}: speaks the kernel's FUSE protocol over
 * {@code /dev/fuse} itself, without libfuse.
 *
 * <p>The source of every number and every layout is Linux' {@code include/uapi/linux/fuse.h},
 * version 7.31 (Linux 5.4) or later; all of it is little-endian here, as the processors are. A
 * {@code Request} is read into the memory of one of the {@code RequestThreads}, {@code Operations}
 * finds who serves its opcode, the answer goes into the thread's {@code Reply}.
 *
 * <p>The kernel speaks of files by numbers, the filesystem by paths; {@code NodeTable} translates.
 */
package dev.concert.chronicle.fuse;

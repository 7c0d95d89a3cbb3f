/**
 * The first binding: mounts a {@link dev.concert.chronicle.tree.FileSystem} by the kernel's FUSE
 * protocol over {@code /dev/fuse}, without libfuse.
 *
 * <p>{@code protocol} has the layouts of Linux' {@code include/uapi/linux/fuse.h}, version 7.31
 * (Linux 5.4) or later, little-endian as the processors are. One of the {@code RequestThreads}
 * reads a {@code FuseRequest}, the {@code OperationTable} of package {@code request} finds the
 * handler of its opcode, and the answer goes into the thread's {@code FuseReply}.
 *
 * <p>The kernel names files by numbers, the filesystem by paths; package {@code node} translates.
 */
package dev.concert.chronicle.fuse;

/**
 * Layouts of the kernel's FUSE protocol ({@code include/uapi/linux/fuse.h}): requests, replies, and
 * the structures in them. An {@code Operation} serves the requests of one {@code Opcode}.
 */
package dev.concert.chronicle.fuse.protocol;

package dev.concert.chronicle.iteration;

/**
 * What a file on the disk looked like when it was recorded. A file that still looks so is not read
 * again.
 *
 * @param modifiedNanos time of the last change of content, nanoseconds since 1970
 * @param inode 0 where the host has no such number
 */
public record Signature(long size, long modifiedNanos, long inode) {}

/**
 * The system calls that the workspace tree and the FUSE binding need, by the Foreign Function API.
 *
 * <p>A call returns what the kernel returns: a result of 0 or more, or a negative {@link
 * dev.concert.chronicle.posix.Errno}. Names are encoded as UTF-8 whatever the locale of the JVM is.
 * Linux on x86_64 and aarch64, glibc 2.33 or newer, kernel 5.6 or newer.
 *
 * <p>Nouns. {@code LibC} binds functions. {@code CallMemory} is the native memory of one call. A
 * <em>directory</em> is an open folder that paths are relative to.
 */
package dev.concert.chronicle.posix;

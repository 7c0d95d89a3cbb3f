/**
 * The system calls that the workspace tree needs, relative to a directory descriptor.
 *
 * <p>Every call answers like the kernel: a result of 0 or more, or a negative {@link
 * dev.concert.chronicle.posix.Errno}. Names go out as UTF-8 whatever the locale of the JVM is.
 * Linux on x86_64 and aarch64, glibc 2.33 or newer, kernel 5.6 or newer.
 */
package dev.concert.chronicle.posix;

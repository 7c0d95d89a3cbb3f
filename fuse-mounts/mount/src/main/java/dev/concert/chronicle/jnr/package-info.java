/**
 * The second binding: mounts a {@link dev.concert.chronicle.tree.FileSystem} by <a
 * href="https://github.com/SerCeMan/jnr-fuse">jnr-fuse</a> over libfuse 2.9.
 *
 * <p>A {@code LibfuseSession} runs libfuse's main function on one thread, which calls the callbacks
 * of {@code NameCallbacks}, {@code AttributeCallbacks} and {@code ContentCallbacks}. All of them go
 * through {@code Callbacks.answer}, since jnr reports an exception that leaves a callback to the
 * kernel as success. {@code HiddenFiles} are files that were unlinked while they are open.
 *
 * <p>docs/posix.md lists what a program gets in another way than by {@link
 * dev.concert.chronicle.fuse}; ADR 17 says when to use which.
 */
package dev.concert.chronicle.jnr;

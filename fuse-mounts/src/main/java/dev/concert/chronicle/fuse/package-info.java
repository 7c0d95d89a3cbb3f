/**
 * Mounts a {@link dev.concert.chronicle.tree.FileSystem} by libfuse 2.
 *
 * <p>The table of callbacks is jnr-fuse's. The loop is our own, on libfuse's session calls:
 * jnr-fuse would run libfuse's loop, whose native threads become a new Java thread for every single
 * call; here Java threads fetch the requests themselves, so they are attached once, have names, and
 * more of them come up while some are busy.
 */
package dev.concert.chronicle.fuse;

/**
 * Files that outlive a crash and that processes share.
 *
 * <p>A {@link dev.concert.foundation.files.LockFile} keeps other processes away for as long as its
 * process lives. An {@link dev.concert.foundation.files.AtomicFile} is replaced as a whole: a crash
 * leaves the old content or the new one. {@link dev.concert.foundation.files.PrivateFiles} are
 * those that no other user can open; an {@link dev.concert.foundation.files.OpenFolder} is one that
 * others can look into, and that is closed at a start.
 */
package dev.concert.foundation.files;

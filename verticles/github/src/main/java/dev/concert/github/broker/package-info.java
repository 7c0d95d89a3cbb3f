/**
 * Git between Concert and a forge. A {@link dev.concert.github.broker.GitBroker} answers git and
 * passes it on with a token, which git never has; a {@link dev.concert.github.broker.GitGrant} says
 * which repository and which branch, and a {@link dev.concert.github.broker.GitReach} what git may
 * read beside that. A {@link dev.concert.github.broker.PushListener} is told of a push before
 * GitHub is. {@code LargeFiles} does the same for the files of Git LFS.
 *
 * <p>{@code PackCommits} reads packs itself. JGit's {@code PackParser} resolves deltas by reading
 * back in the pack: it would store each push, on disk or whole in memory, before GitHub gets its
 * first byte, and hold a thread for it. Here a push streams through an event loop, and only its
 * commits are kept, with a bound.
 */
package dev.concert.github.broker;

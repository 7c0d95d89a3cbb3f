package dev.concert.chronicle.replication.conflict;

import dev.concert.chronicle.replication.wire.PathVersion;

/**
 * A path changed on both sides since they last agreed.
 *
 * @param base what both had; {@link PathVersion#DELETED} where neither had it
 * @param local what the replica's file is
 * @param upstream what the workspace has
 * @param upstreamSequence the workspace's iteration that made it so
 */
public record Conflict(
    String path,
    PathVersion base,
    PathVersion local,
    PathVersion upstream,
    long upstreamSequence) {}

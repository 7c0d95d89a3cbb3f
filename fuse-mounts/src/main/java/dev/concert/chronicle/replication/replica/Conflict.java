package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.Version;

/**
 * A path changed on both sides since they last agreed.
 *
 * @param base what both had; {@link Version#DELETED} where neither had it
 * @param local what the replica's file is
 * @param upstream what the workspace has
 * @param upstreamSequence the workspace's iteration that made it so
 */
public record Conflict(
    String path, Version base, Version local, Version upstream, long upstreamSequence) {}

package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import java.util.List;

/**
 * What is remembered of a sync.
 *
 * @param session whose workspace the folder goes with
 * @param position the workspace's iteration up to which everything is in the folder
 * @param waiting changes of the folder that the workspace has not taken yet
 * @param conflicts what waits for a decision
 * @param problems what is wrong with single files
 */
public record SyncStatus(
    String session, long position, long waiting, List<Conflict> conflicts, PathProblems problems) {}

package dev.concert.chronicle.replication.replica;

/**
 * Where a replica stands.
 *
 * @param connected whether there is a connection
 * @param caughtUp whether every change that the master sent is in the files
 * @param position the workspace's iteration up to which everything is in the files
 * @param waiting local writes that the workspace has not taken yet
 * @param conflicts paths that wait for a decision
 */
public record ReplicaStatus(
    boolean connected, boolean caughtUp, long position, long waiting, int conflicts) {
  /** Of a replica that is closed. */
  public static final ReplicaStatus CLOSED = new ReplicaStatus(false, false, 0, 0, 0);
}

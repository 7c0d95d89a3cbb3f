package dev.concert.chronicle.replication.conflict;

/** What becomes of a conflict. In each case the workspace's history keeps the upstream version. */
public enum Resolution {
  /** The local version is written over the upstream one. */
  KEEP_LOCAL,
  /** The upstream version replaces the local one, which is lost. */
  ACCEPT_UPSTREAM,
  /**
   * The upstream version gets the path, the local one a name beside it that shows the conflict.
   * Where one of the two is a deletion, the other one stays.
   */
  KEEP_BOTH,
  /**
   * Nothing happens to the path until somebody resolves it: the local version stays where it is and
   * is not sent, the upstream one is kept aside.
   */
  LATER
}

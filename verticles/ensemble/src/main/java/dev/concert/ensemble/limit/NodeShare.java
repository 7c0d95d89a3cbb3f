package dev.concert.ensemble.limit;

import java.util.List;

/**
 * The share of a limit of one of several nodes: all have the same; a remainder goes to the first
 * ones.
 *
 * @param nodes the number of nodes
 * @param rank the index of this node, from 0; below 0: not one of them, without a share
 */
record NodeShare(int nodes, int rank) {
  static NodeShare of(String node, List<String> nodes) {
    return new NodeShare(nodes.size(), nodes.indexOf(node));
  }

  /** The share of a limit; what has no limit is not rule. */
  Quota of(RateLimit limit) {
    return new Quota(of(limit.requests()), of(limit.tokens()));
  }

  private long of(long whole) {
    if (whole == RateLimit.MOST) {
      return whole;
    }
    return rank < 0 ? 0 : whole / nodes + (rank < whole % nodes ? 1 : 0);
  }
}

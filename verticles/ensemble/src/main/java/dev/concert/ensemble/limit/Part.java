package dev.concert.ensemble.limit;

import java.util.List;

/**
 * A limit's part for one of several nodes: all have the same, the rest goes to the first ones.
 *
 * @param nodes how many there are
 * @param rank which of them this one is, from 0; below 0: none of them, and has nothing
 */
record Part(int nodes, int rank) {
  static Part of(String node, List<String> nodes) {
    return new Part(nodes.size(), nodes.indexOf(node));
  }

  /** What has no limit is not split. */
  Amount of(RateLimit limit) {
    return new Amount(of(limit.requests()), of(limit.tokens()));
  }

  private long of(long whole) {
    if (whole == RateLimit.MOST) {
      return whole;
    }
    return rank < 0 ? 0 : whole / nodes + (rank < whole % nodes ? 1 : 0);
  }
}

package dev.concert.ensemble.limit;

/**
 * How a minute's limits are split over the nodes at its beginning: in equal parts, the rest to the
 * first ones.
 *
 * @param nodes how many there are, 1 or more
 * @param rank which of them this one is, from 0; {@code nodes} or more: it came later and begins
 *     with nothing
 */
record Split(int nodes, int rank) {
  /** There are no other nodes. */
  static final Split ALONE = new Split(1, 0);

  /** This node's part; what has no limit is not split. */
  Amount share(RateLimit limit) {
    return new Amount(share(limit.requests()), share(limit.tokens()));
  }

  private long share(long whole) {
    if (whole == RateLimit.MOST) {
      return whole;
    }
    return rank >= nodes ? 0 : whole / nodes + (rank < whole % nodes ? 1 : 0);
  }
}

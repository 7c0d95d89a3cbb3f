package dev.concert.ensemble.limit;

import java.util.List;

/**
 * What of each limit this node holds without asking.
 *
 * @param number of the view of the nodes that it comes from
 * @param parts more than one while nodes change from one view to the next: only what is a node's by
 *     both is its own
 */
record Split(long number, List<Part> parts) {
  /** There are no other nodes. */
  static final Split ALONE = new Split(0, List.of(new Part(1, 0)));

  /**
   * What it is to hold, by the newest view; what it was granted beyond its share it may keep so
   * far.
   */
  Amount fair(RateLimit limit) {
    return parts.getLast().of(limit);
  }

  boolean follows(Split other) {
    return number != other.number || !parts.getLast().equals(other.parts.getLast());
  }

  Amount share(RateLimit limit) {
    Amount share = limit.amount();
    for (Part part : parts) {
      share = share.atMost(part.of(limit));
    }
    return share;
  }
}

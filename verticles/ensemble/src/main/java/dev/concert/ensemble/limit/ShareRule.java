package dev.concert.ensemble.limit;

import java.util.List;

/**
 * The rule for this node's equal share of every limit.
 *
 * @param number of the ring that it comes from
 * @param parts two while the nodes change from one ring to the next: a node owns only what both
 *     give it
 */
record ShareRule(long number, List<NodeShare> parts) {
  /** For a single node. */
  static final ShareRule ALONE = new ShareRule(0, List.of(new NodeShare(1, 0)));

  /** The fair share by the newest ring; a node may keep grants up to this. */
  Quota fair(RateLimit limit) {
    return parts.getLast().of(limit);
  }

  boolean follows(ShareRule other) {
    return number != other.number || !parts.getLast().equals(other.parts.getLast());
  }

  Quota share(RateLimit limit) {
    Quota share = limit.amount();
    for (NodeShare part : parts) {
      share = share.atMost(part.of(limit));
    }
    return share;
  }
}

package dev.concert.ensemble.limit;

import java.util.List;

/**
 * The list of nodes that share every limit, as one node knows it.
 *
 * <p>Rings follow one another by number. A new ring is complete when each of its nodes has
 * confirmed that for a whole window it has used only what both the old and the new ring give it.
 * Only then may a node use what the new ring alone gives it. So the nodes never exceed the limit in
 * any window, and their clocks need not agree.
 *
 * @param number 0 if Redis has never answered
 * @param nodes the nodes of the ring before first, in their order
 * @param before the nodes of the ring before; not used when this one is complete
 */
record NodeRing(long number, List<String> nodes, List<String> before, boolean complete) {
  static final NodeRing NONE = new NodeRing(0, List.of(), List.of(), true);

  /** The ring after Redis has answered: this one, this one completed, or a new one. */
  NodeRing then(long number, List<String> nodes, boolean complete) {
    boolean same = number == this.number && nodes.equals(this.nodes);
    if (same) {
      return complete && !this.complete ? new NodeRing(number, nodes, List.of(), true) : this;
    }
    // A node that missed a ring was not waited for and has no share of the ring before.
    return new NodeRing(
        number, nodes, number == this.number + 1 ? this.nodes : List.of(), complete);
  }

  ShareRule of(String node) {
    if (number == 0) {
      return ShareRule.ALONE;
    }
    NodeShare own = NodeShare.of(node, nodes);
    return new ShareRule(
        number, complete ? List.of(own) : List.of(NodeShare.of(node, before), own));
  }
}

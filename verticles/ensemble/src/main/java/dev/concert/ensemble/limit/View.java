package dev.concert.ensemble.limit;

import java.util.List;

/**
 * Among which nodes every limit is split, as one node knows it.
 *
 * <p>Views follow one another by number. A new one is complete once each of its nodes has said that
 * for a window's time it has kept to what is its own by the old one and by the new one. Only then a
 * node may use what is its own by the new one alone: so in no window nodes use more than by one of
 * both, and clocks need not agree.
 *
 * @param number 0 where Redis was never heard
 * @param nodes those of before first, in their order
 * @param before those of the view before; none of use where this one is complete
 */
record View(long number, List<String> nodes, List<String> before, boolean complete) {
  static final View NONE = new View(0, List.of(), List.of(), true);

  /** By what Redis said last: this one still, this one completed, or another one. */
  View then(long number, List<String> nodes, boolean complete) {
    boolean same = number == this.number && nodes.equals(this.nodes);
    if (same) {
      return complete && !this.complete ? new View(number, nodes, List.of(), true) : this;
    }
    // Who has missed one was not waited for, and has nothing of before.
    return new View(number, nodes, number == this.number + 1 ? this.nodes : List.of(), complete);
  }

  Split of(String node) {
    if (number == 0) {
      return Split.ALONE;
    }
    Part own = Part.of(node, nodes);
    return new Split(number, complete ? List.of(own) : List.of(Part.of(node, before), own));
  }
}

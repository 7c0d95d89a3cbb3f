package dev.concert.chronicle.replication.replica.state;

import java.util.List;

/**
 * What is wrong with single paths, while all others are synced.
 *
 * @param undelivered changes of the workspace that the replica's disk cannot have for now
 * @param leftOut what takes no part although no rule leaves it out
 */
public record PathProblems(List<Undelivered.Entry> undelivered, LeftOut.Summary leftOut) {
  public static final PathProblems NONE =
      new PathProblems(List.of(), new LeftOut.Summary(List.of(), 0));
}

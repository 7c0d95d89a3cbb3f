package dev.concert.chronicle.replication;

import java.util.concurrent.atomic.AtomicInteger;

/** What the lives that were lived had in them. */
final class Campaign {
  final AtomicInteger steps = new AtomicInteger();
  final AtomicInteger deaths = new AtomicInteger();
  final AtomicInteger masterDeaths = new AtomicInteger();
  final AtomicInteger conflicts = new AtomicInteger();

  @Override
  public String toString() {
    return steps
        + " steps, "
        + deaths
        + " kills of replicas, "
        + masterDeaths
        + " of masters, "
        + conflicts
        + " conflicts";
  }
}

package dev.concert.bench;

import java.io.IOException;

/**
 * What a running {@link BenchEnsemble} takes.
 *
 * @param heap bytes in use after a collection
 * @param cpuMillis processor time since its start
 */
record EnsembleMemory(long heap, long cpuMillis) {

  static EnsembleMemory of(Child ensemble) throws IOException {
    ensemble.say("memory?");
    String[] words = ensemble.line("memory").split(" ");
    return new EnsembleMemory(Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  double heapMiB() {
    return heap / (1024.0 * 1024.0);
  }
}

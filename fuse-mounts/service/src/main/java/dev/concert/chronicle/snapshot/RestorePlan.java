package dev.concert.chronicle.snapshot;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What has to happen so that files become what they were.
 *
 * @param deleted paths that were not there
 * @param written states that differ from the present ones, by path
 * @param before sequence number of the latest iteration before
 * @param excluded paths that are left alone
 */
record RestorePlan(List<String> deleted, List<Iteration> written, long before, int excluded) {

  static RestorePlan of(
      Map<String, Iteration> wanted, Map<String, LiveFile> live, long before, int excluded) {
    List<String> deleted =
        live.keySet().stream().filter(path -> !wanted.containsKey(path)).sorted().toList();
    List<Iteration> written = new ArrayList<>();
    wanted.forEach(
        (path, state) -> {
          if (!isThere(state, live.get(path))) {
            written.add(state);
          }
        });
    written.sort(Comparator.comparing(Iteration::path));
    return new RestorePlan(deleted, List.copyOf(written), before, excluded);
  }

  private static boolean isThere(Iteration wanted, LiveFile live) {
    return live != null
        && live.hash().equals(wanted.hash())
        && live.kind() == wanted.kind()
        && live.mode() == wanted.mode();
  }
}

package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.state.LeftOut;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One look at everything: which files there are, and what is left out. For one thread. */
final class ReplicaScan {
  private final Set<String> paths = new HashSet<>();
  private final Map<String, String> leftOut = new TreeMap<>();
  private long leftOutCount;

  static ReplicaScan of(ReplicaFiles files) {
    ReplicaScan scan = new ReplicaScan();
    files.walk(file -> scan.paths.add(file.path()), scan::leftOut);
    return scan;
  }

  /** Of files that take part. */
  Set<String> paths() {
    return paths;
  }

  void leftOut(String path, String reason) {
    leftOutCount++;
    if (leftOut.size() < LeftOut.LISTED) {
      leftOut.put(path, reason);
    }
  }

  /** Some of what is left out, with the reasons. */
  Map<String, String> leftOut() {
    return leftOut;
  }

  long leftOutCount() {
    return leftOutCount;
  }
}

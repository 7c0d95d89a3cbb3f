package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.replica.state.LeftOut;
import java.util.HashMap;
import java.util.Map;

/**
 * Reports what is wrong with single paths, each path and reason once, however often it is tried.
 * For the replica's thread.
 */
final class PathReports {
  /** After so many paths it begins anew and may repeat itself. */
  private static final int REMEMBERED = 10_000;

  private final ReplicaListener listener;
  private final LeftOut leftOut;
  private final Map<String, String> reported = new HashMap<>();

  PathReports(ReplicaListener listener, LeftOut leftOut) {
    this.listener = listener;
    this.leftOut = leftOut;
  }

  /** A change cannot be made for now. */
  void delayed(String path, String reason) {
    if (isNews(path, reason)) {
      listener.delayed(path, reason);
    }
  }

  /** A path of this side takes no part. */
  void leftOut(String path, String reason) {
    if (isNews(path, reason)) {
      listener.leftOut(path, reason);
    }
  }

  /** One side cannot have what the other one has there. */
  void refused(String path, String reason) {
    leftOut.refused(path, reason);
    if (isNews(path, reason)) {
      listener.refused(path, reason);
    }
  }

  /** Nothing is wrong with the path any more. */
  void settled(String path) {
    reported.remove(path);
    leftOut.settled(path);
  }

  private boolean isNews(String path, String reason) {
    if (reported.size() >= REMEMBERED) {
      reported.clear();
    }
    return !reason.equals(reported.put(path, reason));
  }
}

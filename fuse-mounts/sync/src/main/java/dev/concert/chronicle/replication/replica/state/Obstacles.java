package dev.concert.chronicle.replication.replica.state;

import java.util.NavigableSet;

/**
 * Files of the workspace that are not here yet: they wait for a decision, or the disk cannot have
 * them. No local write can be made at such a path, below it or in place of the folder that it is
 * in, before that is settled.
 *
 * @param here the workspace's version of these paths is not here
 * @param around what these paths are in the workspace is in the way of others
 */
public record Obstacles(NavigableSet<String> here, NavigableSet<String> around) {

  boolean has(String path) {
    return here.contains(path) || around.contains(path);
  }

  /** Whether a local write of the path has to wait. */
  public boolean block(String path) {
    return here.contains(path) || isBelow(path) || isAbove(path);
  }

  private boolean isBelow(String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (around.contains(path.substring(0, slash))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAbove(String path) {
    String below = around.higher(path + "/");
    return below != null && below.startsWith(path + "/");
  }
}

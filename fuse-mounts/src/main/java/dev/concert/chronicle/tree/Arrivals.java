package dev.concert.chronicle.tree;

/**
 * Names of files that are on their way into a mounted tree. They are written in the folder for
 * orphans, outside of it, and listed nowhere; a rename from such a name, asked for in the root of
 * the mount, brings one in.
 */
public final class Arrivals {
  /** What such a name begins with. */
  public static final String PREFIX = ".fuse_hidden_incoming_";

  private Arrivals() {}

  /** Whether a path is such a name. */
  public static boolean isName(String path) {
    return path.startsWith(PREFIX);
  }
}

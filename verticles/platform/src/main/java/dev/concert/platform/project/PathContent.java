package dev.concert.platform.project;

/**
 * What a folder has at a path, as far as a repository knows it.
 *
 * @param executable whether its owner may run it
 * @param hash of the content, or of the target of a symlink; empty where nothing is there
 */
public record PathContent(Type type, boolean executable, String hash) {
  /** What can be at a path. A folder, a pipe or a socket is in the way of the other two. */
  public enum Type {
    NOTHING,
    FILE,
    SYMLINK,
    OTHER
  }

  static final PathContent NOTHING = new PathContent(Type.NOTHING, false, "");
  static final PathContent OTHER = new PathContent(Type.OTHER, false, "");

  boolean isNothing() {
    return type == Type.NOTHING;
  }

  boolean isFile() {
    return type == Type.FILE;
  }
}

package dev.concert.chronicle.localsync.folder;

/** Which paths of a folder take no part in its sync. Thread-safe. */
public interface PathRules {

  /**
   * @param path relative to the folder, with {@code /} between its parts
   * @param folder whether it is one
   */
  boolean ignores(String path, boolean folder);

  /** The same where it is known already that the folders above are not ignored. */
  boolean ignoresItself(String path, boolean folder);

  /**
   * Whether symlinks that lead out of the folder are carried as they are; they are not followed.
   */
  default boolean carriesOutwardLinks() {
    return false;
  }

  /** A file of rules changed. */
  default void changed() {}
}

package dev.concert.platform.project;

import dev.concert.chronicle.localsync.folder.IgnoreRules;
import dev.concert.chronicle.localsync.folder.PathRules;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What takes part between a workspace and its mirror: what the project has, and what the agent adds
 * that the project's rules do not ignore. Never a {@code .git}, wherever it is.
 */
final class MirrorRules implements PathRules {
  private final Set<String> files;
  private final Set<String> folders = new HashSet<>();
  private final IgnoreRules rules;

  /**
   * @param files paths of the project, which take part although a rule ignores them
   */
  MirrorRules(Path mirror, Set<String> files) {
    this.files = files;
    this.rules = new IgnoreRules(mirror);
    for (String path : files) {
      for (int slash = path.lastIndexOf('/');
          slash > 0 && folders.add(path.substring(0, slash));
          slash = path.lastIndexOf('/', slash - 1)) {
        // Every folder above a file.
      }
    }
  }

  /** Whether a part of the path is the folder in which git keeps its own. */
  static boolean isGitsOwn(String path) {
    for (String part : path.split("/")) {
      if (part.equalsIgnoreCase(".git")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean ignores(String path, boolean folder) {
    return isGitsOwn(path)
        || !files.contains(path) && !folders.contains(path) && rules.ignores(path, folder);
  }

  @Override
  public boolean ignoresItself(String path, boolean folder) {
    return ignores(path, folder);
  }

  @Override
  public boolean carriesOutwardLinks() {
    return true;
  }

  @Override
  public void changed() {
    rules.changed();
  }
}

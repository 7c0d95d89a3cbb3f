package dev.concert.chronicle.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the parts of a workspace lie. */
record WorkspaceFolder(Path root) {
  static WorkspaceFolder of(Path instances, String id) {
    return new WorkspaceFolder(instances.resolve(id).resolve("chronicle"));
  }

  Path tree() {
    return root.resolve("tree");
  }

  Path mountPoint() {
    return root.resolve("mount");
  }

  Path orphans() {
    return root.resolve("orphans");
  }

  /** Has the journal and the change log. */
  Path metadata() {
    return root.resolve("metadata");
  }

  Path journal() {
    return metadata().resolve("chronicle.db");
  }

  /** Where replicas of this host connect. */
  Path socket() {
    return root.resolve("chronicle.sock");
  }

  boolean exists() {
    return Files.isDirectory(tree());
  }

  void make() {
    try {
      Files.createDirectories(tree());
      Files.createDirectories(orphans());
      Files.createDirectories(mountPoint());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folders of a workspace", e);
    }
  }
}

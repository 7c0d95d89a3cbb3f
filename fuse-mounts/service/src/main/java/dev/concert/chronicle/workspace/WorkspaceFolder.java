package dev.concert.chronicle.workspace;

import dev.concert.foundation.files.FolderRemoval;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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

  /** Has what is on its way into the tree, before it is whole. */
  Path incoming() {
    return root.resolve("incoming");
  }

  /** Has large files that a program of this machine laid there for the next import. */
  Path handed() {
    return root.resolve("handed");
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

  /** Gives it a name under which nobody looks for it. */
  void hide() throws IOException {
    if (Files.isDirectory(root)) {
      FolderRemoval.remove(removed());
      Files.move(root, removed(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Removes it once it is hidden. */
  void remove() {
    try {
      FolderRemoval.remove(removed());
    } catch (IOException e) {
      throw new UncheckedIOException("The files of a workspace cannot be removed", e);
    }
  }

  private Path removed() {
    return root.resolveSibling("removed-chronicle");
  }

  boolean exists() {
    return Files.isDirectory(tree());
  }

  void make() {
    try {
      PrivateFiles.createDirectories(root);
      Files.createDirectories(tree());
      Files.createDirectories(orphans());
      Files.createDirectories(mountPoint());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folders of a workspace", e);
    }
  }
}

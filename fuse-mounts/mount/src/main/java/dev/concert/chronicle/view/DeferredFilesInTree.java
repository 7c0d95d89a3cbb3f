package dev.concert.chronicle.view;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.recording.DeferredFiles;
import dev.concert.chronicle.recording.LastingContent.Kept;
import dev.concert.chronicle.recording.changelog.FileState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds files whose read was deferred, in a tree and in the folder for orphans. */
public final class DeferredFilesInTree implements DeferredFiles {
  private final TreeView tree;
  private final Path orphans;

  /**
   * @param orphans folder for files that lost their names; may be missing
   */
  public DeferredFilesInTree(TreeView tree, Path orphans) {
    this.tree = tree;
    this.orphans = orphans;
  }

  @Override
  public Optional<Kept> find(String name, FileState file) {
    return orphan(name, file)
        .or(() -> tree.find(file.path()).filter(found -> is(found, file)).flatMap(this::open))
        .or(() -> below("").filter(found -> is(found, file)).findFirst().flatMap(this::open));
  }

  private Optional<Kept> orphan(String name, FileState file) {
    if (!Files.isDirectory(orphans)) {
      return Optional.empty();
    }
    try (TreeView kept = PosixTreeView.open(orphans)) {
      return kept.open(name)
          .or(
              () ->
                  kept.children("").stream()
                      .filter(found -> is(found, file))
                      .findFirst()
                      .flatMap(found -> kept.open(found.path())))
          .map(Opened::new);
    }
  }

  private static boolean is(TreeFile found, FileState file) {
    return found.type() == TreeFile.Type.FILE
        && found.signature().inode() == file.signature().inode();
  }

  private Stream<TreeFile> below(String folder) {
    return tree.children(folder).stream()
        .flatMap(
            file -> file.type() == TreeFile.Type.DIRECTORY ? below(file.path()) : Stream.of(file));
  }

  private Optional<Kept> open(TreeFile file) {
    return tree.open(file.path()).map(Opened::new);
  }

  @Override
  public void forget(String name) {
    try {
      Files.deleteIfExists(orphans.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete what was kept of a file", e);
    }
  }

  private record Opened(OpenContent file) implements Kept {
    @Override
    public int read(byte[] into, long position) {
      return file.content().read(into, position);
    }

    @Override
    public long zerosUntil(long position) {
      return file.content().zerosUntil(position);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}

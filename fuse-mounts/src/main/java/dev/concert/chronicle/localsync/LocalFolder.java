package dev.concert.chronicle.localsync;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.replica.ReplicaFile;
import dev.concert.chronicle.replication.replica.ReplicaFiles;
import dev.concert.chronicle.replication.replica.ReplicaFolders;
import dev.concert.chronicle.tree.OpenContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A person's folder as the files of a replica. Nothing outside of it is ever read or written, and
 * no symlink in it followed; symlinks that lead out of it take no part.
 */
final class LocalFolder implements ReplicaFiles {
  private final FolderPaths paths;
  private final RootIdentity identity;
  private final DeletionGuard guard;
  private final Halt halt;
  private final IgnoreRules rules;
  private final FileLook look;
  private final FileWriting writing;
  private final LocalFolders folders;
  private boolean cleared;

  LocalFolder(Path root, IgnoreRules rules, DeletionGuard guard, Halt halt) {
    this.paths = new FolderPaths(root);
    this.identity = RootIdentity.of(root, halt);
    this.guard = guard;
    this.halt = halt;
    this.rules = rules;
    this.look = new FileLook(root);
    this.writing = new FileWriting(paths, look);
    this.folders = new LocalFolders(paths, identity, halt, rules, look);
  }

  @Override
  public boolean accepts(String path) {
    return paths.of(path).filter(file -> !rules.ignores(path, false)).isPresent();
  }

  @Override
  public Optional<ReplicaFile> find(String path) {
    Optional<ReplicaFile> found =
        paths
            .of(path)
            .filter(paths::isReachable)
            .flatMap(file -> trying(path, () -> look.at(path, file).filter(this::staysInside)));
    if (found.isEmpty()) {
      identity.check();
    }
    return found;
  }

  private boolean staysInside(ReplicaFile found) {
    if (found.kind() == Kind.FILE) {
      return true;
    }
    Path symlink = paths.root().resolve(found.path());
    return target(symlink).filter(target -> paths.leadsInside(symlink, target)).isPresent();
  }

  private static Optional<Path> target(Path symlink) {
    try {
      return Optional.of(Files.readSymbolicLink(symlink));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  @Override
  public void walk(Consumer<ReplicaFile> visitor) {
    trying(
        "",
        () -> {
          identity.check();
          Files.walkFileTree(paths.root(), new Walk(visitor, !cleared));
          identity.check();
          cleared = true;
          return Optional.empty();
        });
  }

  @Override
  public void missing(long missing, long known) {
    if (guard.refuses(missing, known)) {
      throw halt.because(
          "%d of %d files are missing in %s; to delete them in the workspace too, run this again with --allow-deletions."
              .formatted(missing, known, paths.root()));
    }
  }

  @Override
  public ReplicaFolders folders() {
    return folders;
  }

  @Override
  public boolean acceptsTarget(String path, String target) {
    return paths
        .of(path)
        .flatMap(symlink -> paths.target(target).filter(to -> paths.leadsInside(symlink, to)))
        .isPresent();
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Consumer<ReplicaFile> visitor;
    private final boolean clearing;

    private Walk(Consumer<ReplicaFile> visitor, boolean clearing) {
      this.visitor = visitor;
      this.clearing = clearing;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return folder.equals(paths.root()) || !rules.ignoresItself(paths.relative(folder), true)
          ? FileVisitResult.CONTINUE
          : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String path = paths.relative(file);
      if (clearing && FileWriting.isTemporary(file)) {
        Files.deleteIfExists(file); // a killed process left it
      } else if (paths.of(path).isPresent() && !rules.ignoresItself(path, false)) {
        look.at(path, file).filter(LocalFolder.this::staysInside).ifPresent(visitor);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      // What is not shown counts as deleted: only what is gone may be left out.
      if (failure instanceof NoSuchFileException && !file.equals(paths.root())) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }

  @Override
  public Optional<OpenContent> open(String path) {
    return paths.of(path).filter(paths::isReachable).flatMap(file -> open(path, file));
  }

  private Optional<OpenContent> open(String path, Path file) {
    return trying(
        path,
        () -> {
          if (Files.isSymbolicLink(file)) {
            byte[] target =
                Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
            return Optional.of(new OpenContent(Content.of(target), target.length, () -> {}));
          }
          if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty(); // opening a pipe would wait for its other end
          }
          return Optional.of(
              open(
                  FileChannel.open(
                      file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))));
        });
  }

  private static OpenContent open(FileChannel channel) throws IOException {
    return new OpenContent(
        (into, position) -> read(channel, into, position), channel.size(), () -> close(channel));
  }

  private static int read(FileChannel channel, byte[] into, long position) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
        // A read may give less than was asked for.
      }
      return buffer.position();
    } catch (IOException e) {
      throw new UncheckedIOException("A file of the folder cannot be read", e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("A file of the folder cannot be closed", e);
    }
  }

  @Override
  public Optional<ReplicaFile> put(
      String path, Optional<ReplicaFile> expected, Kind kind, int mode, OpenContent content) {
    halt.check();
    Path file = required(path);
    return trying(path, () -> writing.put(path, file, expected, kind, mode, content))
        .map(
            written -> {
              forgetRules(path);
              return written;
            });
  }

  @Override
  public boolean delete(String path, ReplicaFile expected) {
    halt.check();
    Path file = required(path);
    boolean deleted =
        trying(
                path,
                () -> Optional.of(paths.isReachable(file) && writing.delete(path, file, expected)))
            .orElse(false);
    if (deleted) {
      forgetRules(path);
    }
    return deleted;
  }

  @Override
  public void moveAside(String path, String to) {
    Path from = required(path);
    Path aside = required(to);
    trying(
        path,
        () -> {
          Files.move(from, aside);
          return Optional.empty();
        });
  }

  private void forgetRules(String path) {
    if (IgnoreRules.isRules(path)) {
      rules.changed();
    }
  }

  private Path required(String path) {
    return paths
        .of(path)
        .orElseThrow(() -> new IllegalArgumentException("No path of the folder: " + path));
  }

  @FunctionalInterface
  private interface Access<T> {
    Optional<T> get() throws IOException;
  }

  private <T> Optional<T> trying(String path, Access<T> access) {
    try {
      return access.get();
    } catch (NoSuchFileException gone) {
      identity.check();
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s in %s is out of reach".formatted(path.isEmpty() ? "." : path, paths.root()), e);
    }
  }
}

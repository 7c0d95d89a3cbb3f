package dev.concert.chronicle.localsync.folder;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A person's folder as the files of a replica. Nothing outside of it is ever read or written, and
 * no symlink in it followed; symlinks that lead out of it take no part, unless the rules say so.
 */
public final class LocalFolder implements ReplicaFiles {
  private final FolderPaths paths;
  private final RootIdentity identity;
  private final DeletionGuard guard;
  private final SyncStop halt;
  private final PathRules rules;
  private final FileStat look;
  private final FileWriter writing;
  private final LocalFolders folders;
  private boolean cleared;

  public LocalFolder(Path root, PathRules rules, DeletionGuard guard, SyncStop halt) {
    this.paths = new FolderPaths(root);
    this.identity = RootIdentity.of(root, halt);
    this.guard = guard;
    this.halt = halt;
    this.rules = rules;
    this.look = new FileStat(root);
    this.writing = new FileWriter(paths, look);
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
            .flatMap(
                file ->
                    trying(
                        path,
                        () -> {
                          paths.checkAccess(file);
                          return paths.isReachable(file)
                              ? look.at(path, file).filter(this::staysInside)
                              : Optional.empty();
                        }));
    if (found.isEmpty()) {
      identity.check();
    }
    return found;
  }

  private boolean staysInside(ReplicaFile found) {
    if (found.kind() == Kind.FILE || rules.carriesOutwardLinks()) {
      return true;
    }
    Path symlink = paths.root().resolve(found.path());
    return target(symlink).filter(target -> paths.leadsInside(symlink, target)).isPresent();
  }

  private boolean mayLead(Path symlink, Path target) {
    return rules.carriesOutwardLinks() || paths.leadsInside(symlink, target);
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
    walk(visitor, (_, _) -> {});
  }

  @Override
  public void walk(Consumer<ReplicaFile> visitor, BiConsumer<String, String> leftOut) {
    identity.check();
    try {
      Files.walkFileTree(paths.root(), new Walk(visitor, leftOut, !cleared));
    } catch (IOException e) {
      identity.check();
      throw new UncheckedIOException("%s cannot be read".formatted(paths.root()), e);
    }
    identity.check();
    cleared = true;
  }

  @Override
  public long room() {
    try {
      FileStore disk = Files.getFileStore(paths.root());
      // Some file systems do not tell.
      return disk.getTotalSpace() == 0 ? Long.MAX_VALUE : disk.getUsableSpace();
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
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
        .flatMap(symlink -> paths.target(target).filter(to -> mayLead(symlink, to)))
        .isPresent();
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Consumer<ReplicaFile> visitor;
    private final BiConsumer<String, String> leftOut;
    private final boolean clearing;

    private Walk(
        Consumer<ReplicaFile> visitor, BiConsumer<String, String> leftOut, boolean clearing) {
      this.visitor = visitor;
      this.leftOut = leftOut;
      this.clearing = clearing;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(paths.root())) {
        return FileVisitResult.CONTINUE;
      }
      String path = paths.relative(folder);
      if (rules.ignoresItself(path, true)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (paths.of(path).isEmpty()) {
        leaveOut(folder, LeftOutReason.NAME);
        return FileVisitResult.SKIP_SUBTREE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String path = paths.relative(file);
      if (clearing && FileWriter.isTemporary(file)) {
        Files.deleteIfExists(file); // a killed process left it
      } else if (!rules.ignoresItself(path, false)) {
        visit(path, file, attributes);
      }
      return FileVisitResult.CONTINUE;
    }

    private void visit(String path, Path file, BasicFileAttributes attributes) throws IOException {
      if (paths.of(path).isEmpty()) {
        leaveOut(file, LeftOutReason.NAME);
      } else if (attributes.isOther()) {
        leaveOut(file, LeftOutReason.SPECIAL);
      } else {
        Optional<ReplicaFile> found = look.at(path, file);
        if (found.filter(LocalFolder.this::staysInside).isPresent()) {
          visitor.accept(found.get());
        } else if (found.isPresent()) {
          leaveOut(file, LeftOutReason.LEADS_OUT);
        }
      }
    }

    private void leaveOut(Path file, String reason) {
      leftOut.accept(LeftOutReason.readable(paths.root(), file), reason);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (file.equals(paths.root())) {
        throw failure;
      }
      // What is not shown counts as deleted, but not where nobody can tell: see find.
      if (!(failure instanceof NoSuchFileException)
          && !rules.ignores(paths.relative(file), false)
          && !rules.ignores(paths.relative(file), true)) {
        leaveOut(file, LeftOutReason.of(failure));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      // What was not listed of it counts as deleted only where a look at each path says so.
      return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
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
                  path,
                  FileChannel.open(
                      file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))));
        });
  }

  private static OpenContent open(String path, FileChannel channel) throws IOException {
    return new OpenContent(
        (into, position) -> read(path, channel, into, position),
        channel.size(),
        () -> close(channel));
  }

  private static int read(String path, FileChannel channel, byte[] into, long position) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
        // A read may give less than was asked for.
      }
      return buffer.position();
    } catch (IOException e) {
      throw LeftOutReason.of(path, e);
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
      identity.check();
      throw LeftOutReason.of(path, e);
    }
  }
}

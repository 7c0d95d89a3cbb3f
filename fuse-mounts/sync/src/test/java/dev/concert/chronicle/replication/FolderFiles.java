package dev.concert.chronicle.replication;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Regular files of a real folder; names that begin with {@code .#} take no part. */
final class FolderFiles implements ReplicaFiles {
  private final Path root;

  FolderFiles(Path root) {
    this.root = root;
  }

  @FunctionalInterface
  private interface Access<T> {
    T get() throws IOException;
  }

  private static <T> Optional<T> present(Access<T> access) {
    try {
      return Optional.of(access.get());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean accepts(String path) {
    return !path.contains(".#");
  }

  @Override
  public Optional<ReplicaFile> find(String path) {
    Path file = root.resolve(path);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? present(() -> look(path, file))
        : Optional.empty();
  }

  private static ReplicaFile look(String path, Path file) throws IOException {
    long inode = (long) Files.getAttribute(file, "unix:ino");
    long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
    return new ReplicaFile(path, Kind.FILE, mode, new Signature(Files.size(file), modified, inode));
  }

  @Override
  public void walk(Consumer<ReplicaFile> visitor) {
    List<Path> files =
        present(
                () -> {
                  try (Stream<Path> all = Files.walk(root)) {
                    return all.toList();
                  }
                })
            .orElseThrow();
    files.stream()
        .map(file -> root.relativize(file).toString())
        .filter(this::accepts)
        .flatMap(path -> find(path).stream())
        .forEach(visitor);
  }

  @Override
  public Optional<OpenContent> open(String path) {
    return present(() -> Files.readAllBytes(root.resolve(path)))
        .map(bytes -> new OpenContent(Content.of(bytes), bytes.length, () -> {}));
  }

  @Override
  public Optional<ReplicaFile> put(
      String path, Optional<ReplicaFile> expected, Kind kind, int mode, OpenContent content) {
    Path file = root.resolve(path);
    byte[] bytes = new byte[(int) content.size()];
    content.content().read(bytes, 0);
    return present(
            () -> {
              Files.createDirectories(file.getParent());
              Path aside = file.resolveSibling(".#put-" + file.getFileName());
              Files.write(aside, bytes);
              Files.setAttribute(aside, "unix:mode", mode);
              if (!find(path).equals(expected)) {
                return Optional.<ReplicaFile>empty();
              }
              Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
              return Optional.of(look(path, file));
            })
        .flatMap(found -> found);
  }

  @Override
  public boolean delete(String path, ReplicaFile expected) {
    return find(path).filter(expected::equals).isPresent()
        && present(
                () -> {
                  Files.delete(root.resolve(path));
                  return true;
                })
            .isPresent();
  }

  @Override
  public void moveAside(String path, String to) {
    present(() -> Files.move(root.resolve(path), root.resolve(to)));
  }
}

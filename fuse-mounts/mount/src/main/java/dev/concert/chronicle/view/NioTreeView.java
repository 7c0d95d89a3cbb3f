package dev.concert.chronicle.view;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The view on systems other than Linux. It resolves a path before it opens it, which is weaker than
 * what the kernel does on Linux, because a symlink may change between the two.
 */
public final class NioTreeView implements TreeView {
  private final Path root;

  private NioTreeView(Path root) {
    this.root = root;
  }

  public static NioTreeView open(Path root) {
    try {
      return new NioTreeView(root.toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the tree", e);
    }
  }

  @Override
  public Optional<TreeFile> find(String path) {
    return present(() -> file(path, confined(root.resolve(path).normalize())));
  }

  @Override
  public List<TreeFile> children(String folder) {
    return present(() -> list(folder)).orElse(List.of());
  }

  private List<TreeFile> list(String folder) throws IOException {
    List<TreeFile> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(confined(root.resolve(folder)))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        String path = folder.isEmpty() ? name : folder + "/" + name;
        present(() -> file(path, entry)).ifPresent(found::add);
      }
    }
    found.sort(Comparator.comparing(TreeFile::path));
    return found;
  }

  @Override
  public Optional<OpenContent> open(String path) {
    return present(() -> confined(root.resolve(path).toRealPath()))
        .filter(Files::isRegularFile)
        .flatMap(file -> present(() -> open(FileChannel.open(file))));
  }

  private static OpenContent open(FileChannel channel) throws IOException {
    Content content = (into, position) -> read(channel, into, position);
    return new OpenContent(content, channel.size(), () -> close(channel));
  }

  private static int read(FileChannel channel, byte[] into, long position) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
        // A read may return less than requested.
      }
      return buffer.position();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a file of the tree", e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a file of the tree", e);
    }
  }

  @Override
  public Optional<byte[]> readLink(String path) {
    return present(
        () ->
            Files.readSymbolicLink(root.resolve(path)).toString().getBytes(StandardCharsets.UTF_8));
  }

  private Path confined(Path path) throws IOException {
    Path parent = path.equals(root) ? root : path.getParent().toRealPath();
    if (!parent.startsWith(root)) {
      throw new EscapeException(root.relativize(path).toString());
    }
    return path;
  }

  private static TreeFile file(String path, Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    TreeFile.Type type =
        attributes.isRegularFile()
            ? TreeFile.Type.FILE
            : attributes.isDirectory()
                ? TreeFile.Type.DIRECTORY
                : attributes.isSymbolicLink() ? TreeFile.Type.SYMLINK : TreeFile.Type.OTHER;
    long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    int mode = Files.isExecutable(file) ? 0755 : 0644;
    return new TreeFile(path, type, mode, new Signature(attributes.size(), modified, 0));
  }

  @FunctionalInterface
  private interface Access<T> {
    T get() throws IOException;
  }

  private static <T> Optional<T> present(Access<T> access) {
    try {
      return Optional.of(access.get());
    } catch (NoSuchFileException | NotDirectoryException | NotLinkException gone) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at the tree", e);
    }
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}

package dev.concert.ensemble.limit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name by which other nodes know this process, each time another one.
 *
 * <p>In a file it leaves it to the process that comes after it, which so can tell the others that
 * it is dead: else they have to wait until it is missed, as it might only be cut off.
 */
public final class NodeName implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");
  private static final int LONGEST = 64;

  private final String name;
  private final Optional<String> predecessor;
  private final Optional<FileChannel> file;

  private NodeName(String name, Optional<String> predecessor, Optional<FileChannel> file) {
    this.name = name;
    this.predecessor = predecessor;
    this.file = file;
  }

  /** Of a process that has no place of its own. */
  public static NodeName passing() {
    return new NodeName(UUID.randomUUID().toString(), Optional.empty(), Optional.empty());
  }

  /**
   * Of the process that has this file until it ends; where another one has it, a passing one.
   * Blocks.
   *
   * @throws UncheckedIOException where the file cannot be written
   */
  public static NodeName of(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        return isOurs(file) ? following(file) : closing(file);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the name of this node in " + path, e);
    }
  }

  private static boolean isOurs(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  private static NodeName closing(FileChannel another) throws IOException {
    another.close();
    return passing();
  }

  private static NodeName following(FileChannel file) throws IOException {
    ByteBuffer before = ByteBuffer.allocate(LONGEST);
    file.read(before, 0);
    String left = new String(before.array(), 0, before.position(), StandardCharsets.US_ASCII);
    String name = UUID.randomUUID().toString();
    file.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)), 0);
    file.truncate(name.length());
    return new NodeName(name, Optional.of(left).filter(NAME.asMatchPredicate()), Optional.of(file));
  }

  String name() {
    return name;
  }

  /** The process that had the file before; it uses nothing any more. */
  Optional<String> predecessor() {
    return predecessor;
  }

  /** Leaves the file to the next process. */
  @Override
  public void close() {
    if (file.isPresent()) {
      try {
        file.get().close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot close the file of this node's name", e);
      }
    }
  }
}

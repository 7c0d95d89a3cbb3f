package dev.concert.ensemble.limit;

import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of this process among the nodes; every process has a new one.
 *
 * <p>The name is left in a file for the next process, which can then report its predecessor as
 * dead. Otherwise the other nodes have to wait for a timeout, because the process might only be
 * disconnected.
 */
public final class LimitNodeName implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");
  private static final int LONGEST = 64;

  private final String name;
  private final Optional<String> predecessor;
  private final Optional<LockFile> file;

  private LimitNodeName(String name, Optional<String> predecessor, Optional<LockFile> file) {
    this.name = name;
    this.predecessor = predecessor;
    this.file = file;
  }

  /** A name that is not kept in a file. */
  public static LimitNodeName transientName() {
    return new LimitNodeName(UUID.randomUUID().toString(), Optional.empty(), Optional.empty());
  }

  /**
   * A name in a file that this process locks until it ends; a transient name if another process has
   * the file. Blocks.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public static LimitNodeName of(Path path) {
    try {
      Optional<LockFile> file = LockFile.tryLock(path);
      return file.isPresent() ? successor(file.get()) : transientName();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the name of this node in " + path, e);
    }
  }

  private static LimitNodeName successor(LockFile file) throws IOException {
    try {
      String left = new String(file.content(LONGEST), StandardCharsets.US_ASCII);
      String name = UUID.randomUUID().toString();
      file.write(name.getBytes(StandardCharsets.US_ASCII));
      return new LimitNodeName(
          name, Optional.of(left).filter(NAME.asMatchPredicate()), Optional.of(file));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /** The process that had the file before, which is dead. */
  Optional<String> predecessor() {
    return predecessor;
  }

  /** Releases the file for the next process. */
  @Override
  public void close() {
    file.ifPresent(LockFile::close);
  }
}

package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.foundation.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Remote contents that wait for a decision, as plain files by hash. For one thread. */
final class HeldContents {
  private static final int PIECE = 128 * 1024;

  private final Path folder;

  HeldContents(Path folder) {
    this.folder = folder;
  }

  void keep(String hash, OpenContent content) throws IOException {
    Files.createDirectories(folder);
    // Without a sync: what a power failure loses is fetched again.
    AtomicFile.replaceUnsynced(folder.resolve(hash), out -> copy(content, out));
  }

  private static void copy(OpenContent content, OutputStream out) throws IOException {
    byte[] piece = new byte[PIECE];
    long position = 0;
    for (int length = content.content().read(piece, 0);
        length > 0;
        length = content.content().read(piece, position)) {
      out.write(piece, 0, length);
      position += length;
    }
  }

  Optional<OpenContent> open(String hash) throws IOException {
    Path file = folder.resolve(hash);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    FileChannel channel = FileChannel.open(file);
    Content content = (into, position) -> read(channel, into, position);
    return Optional.of(new OpenContent(content, channel.size(), () -> close(channel)));
  }

  private static int read(FileChannel file, byte[] into, long position) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(into);
      while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {
        // A read may give less than was asked for.
      }
      return buffer.position();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a kept version", e);
    }
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a kept version", e);
    }
  }

  /** Deletes what no conflict needs any more. */
  void retain(Set<String> hashes) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Set<Path> gone = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> !hashes.contains(file.getFileName().toString())).forEach(gone::add);
    }
    for (Path file : gone) {
      Files.deleteIfExists(file);
    }
  }
}

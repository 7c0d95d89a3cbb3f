package dev.concert.chronicle.localsync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Whether the folder is still the one that it was. Behind the name of an unmounted disk is another,
 * empty folder; taken for the real one it would mean that everything was deleted.
 *
 * @param key device and inode; null where the system has none, which compares as equal
 */
record RootIdentity(Path root, Object key) {

  static RootIdentity of(Path root) {
    try {
      return new RootIdentity(root, read(root));
    } catch (IOException e) {
      throw new UncheckedIOException("%s is out of reach".formatted(root), e);
    }
  }

  private static Object read(Path root) throws IOException {
    return Files.readAttributes(root, BasicFileAttributes.class).fileKey();
  }

  /**
   * @throws UncheckedIOException where it is gone, or another one
   */
  void check() {
    try {
      if (!Objects.equals(key, read(root)) || !Files.isDirectory(root)) {
        throw new IOException("another folder has come in its place");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s is not the folder that it was (unmounted or moved?)".formatted(root), e);
    }
  }
}

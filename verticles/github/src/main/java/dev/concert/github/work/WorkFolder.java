package dev.concert.github.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a tenant's repositories. Blocking. */
public record WorkFolder(Path path) {

  /** Removes all of it. */
  public void delete() {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(path)) {
      List<Path> all = walk.toList();
      for (Path one : all.reversed()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The repositories of a tenant cannot be removed", e);
    }
  }
}

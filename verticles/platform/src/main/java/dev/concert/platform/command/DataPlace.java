package dev.concert.platform.command;

import dev.concert.platform.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an embedded server keeps its data. A temporary folder goes with it. */
record DataPlace(Path folder, boolean temporary) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataPlace.class);

  /**
   * The folder that was named; else {@code .concert/data} in the program's folder, so that a later
   * turn can go on with the session; else, while another process uses that one, a temporary folder.
   */
  static DataPlace choose(Optional<Path> named, Path home) throws IOException {
    if (named.isPresent()) {
      return new DataPlace(named.get(), false);
    }
    Path usual = home.resolve(".concert").resolve("data");
    return DataFolder.isFree(usual)
        ? new DataPlace(usual, false)
        : new DataPlace(Files.createTempDirectory("concert-"), true);
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> inside = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : inside) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("The temporary folder {} could not be removed: {}", folder, e.toString());
    }
  }
}

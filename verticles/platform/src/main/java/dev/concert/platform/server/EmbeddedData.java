package dev.concert.platform.server;

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

/** The data folder of an embedded server. A temporary folder is deleted on close. */
public record EmbeddedData(Path folder, boolean temporary) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedData.class);

  /**
   * The named folder; without one the usual folder, so that a later turn can continue the session;
   * a temporary folder while another process uses that one.
   */
  public static EmbeddedData choose(Optional<Path> named) throws IOException {
    if (named.isPresent()) {
      return new EmbeddedData(named.get(), false);
    }
    Path usual = DataPlace.usual();
    return DataFolder.isInUse(usual)
        ? new EmbeddedData(Files.createTempDirectory("concert-"), true)
        : new EmbeddedData(usual, false);
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

package dev.concert.platform.server;

import dev.concert.foundation.files.AtomicFile;
import dev.concert.platform.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The address of the server that works on a data folder, in a file there. */
final class ServerAddress {
  private static final Logger LOG = LoggerFactory.getLogger(ServerAddress.class);
  private static final String FILE = "server.url";

  private ServerAddress() {}

  static void write(Path data, String url) {
    Path file = data.resolve(FILE);
    try {
      AtomicFile.replace(file, url.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // Commands then look at the default port, as they do for a server of an older version.
      LOG.warn("The address of the server cannot be written to {}: {}", file, e.toString());
    }
  }

  /**
   * Empty where no server works on the folder: whoever listens there by now must not get its token.
   */
  static Optional<String> read(Path data) {
    if (!Files.exists(data.resolve(FILE)) || DataFolder.isFree(data)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(data.resolve(FILE), StandardCharsets.US_ASCII).strip())
          .filter(url -> !url.isEmpty());
    } catch (IOException none) {
      return Optional.empty();
    }
  }
}

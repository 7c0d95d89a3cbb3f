package dev.concert.platform.command;

import dev.concert.foundation.config.ConfigFile;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/** Starts a platform from what was said at the command line. */
final class EmbeddedServer {
  private EmbeddedServer() {}

  static Platform start(String host, int port, Path data, Optional<Path> config) {
    JsonObject content = config.map(ConfigFile::read).orElseGet(JsonObject::new);
    return Platform.start(new PlatformOptions(host, port, data, home(), content));
  }

  /** The program's folder: the starter script says where it is. */
  static Path home() {
    return Path.of(System.getProperty("concert.home", "."));
  }
}

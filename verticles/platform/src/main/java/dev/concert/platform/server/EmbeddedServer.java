package dev.concert.platform.server;

import dev.concert.foundation.config.ConfigException;
import dev.concert.platform.ConfigSource;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/** Starts a platform in this process, with the options of the command line. */
public final class EmbeddedServer {
  private EmbeddedServer() {}

  public static Platform start(String host, int port, Path data, Optional<Path> config) {
    return start(host, port, data, config, new JsonObject());
  }

  /**
   * @param overrides settings that take the place of those in the configuration
   */
  public static Platform start(
      String host, int port, Path data, Optional<Path> config, JsonObject overrides) {
    ConfigSource source = new ConfigSource(config, home());
    try {
      Platform platform =
          Platform.start(
              new PlatformOptions(
                  host, port, data, home(), source.read().copy().mergeIn(overrides, true)));
      platform.follow(source);
      if (platform.hasGateway()) {
        ServerAddress.write(data, platform.url());
      }
      return platform;
    } catch (ConfigException wrong) {
      throw source.explain(wrong);
    }
  }

  /** The program's folder, which the starter script sets. */
  public static Path home() {
    return Path.of(System.getProperty("concert.home", "."));
  }
}

package dev.concert.platform.command;

import dev.concert.ensemble.WrongSetting;
import dev.concert.platform.ConfigSource;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import java.nio.file.Path;
import java.util.Optional;

/** Starts a platform from what was said at the command line. */
final class EmbeddedServer {
  private EmbeddedServer() {}

  static Platform start(String host, int port, Path data, Optional<Path> config) {
    ConfigSource source = new ConfigSource(config, home());
    try {
      Platform platform =
          Platform.start(new PlatformOptions(host, port, data, home(), source.read()));
      platform.follow(source);
      return platform;
    } catch (WrongSetting wrong) {
      throw source.explain(wrong);
    }
  }

  /** The program's folder: the starter script says where it is. */
  static Path home() {
    return Path.of(System.getProperty("concert.home", "."));
  }
}

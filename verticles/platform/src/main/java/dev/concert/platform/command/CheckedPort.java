package dev.concert.platform.command;

import dev.concert.platform.PlatformException;

/** A port number that can be one. */
final class CheckedPort {
  private CheckedPort() {}

  static void check(int port) {
    if (port < 0 || port > 65_535) {
      throw new PlatformException(
          "There is no port %d; choose one from 0 to 65535.".formatted(port));
    }
  }
}

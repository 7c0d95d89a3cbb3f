package dev.concert.platform.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks a port number. */
final class CheckedPort {
  private CheckedPort() {}

  static void check(int port, CommandSpec command) {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          command.commandLine(),
          "There is no port %d. Choose one from 0 to 65535.".formatted(port));
    }
  }
}

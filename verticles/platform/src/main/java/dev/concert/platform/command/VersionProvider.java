package dev.concert.platform.command;

import dev.concert.platform.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code concert --version} prints. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "concert " + Version.current(), "Java " + Runtime.version(),
    };
  }
}

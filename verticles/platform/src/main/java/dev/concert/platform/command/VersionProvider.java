package dev.concert.platform.command;

import dev.concert.platform.ConcertVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code concert --version} prints. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "concert " + ConcertVersion.current(), "Java " + Runtime.version(),
    };
  }
}

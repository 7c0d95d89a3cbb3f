package dev.concert.platform.harness;

import dev.concert.testing.BlockedThreads;
import java.util.List;
import java.util.stream.Collectors;

/** Warnings of a server that the host explains: it is busy, or lacks FUSE or control groups. */
public final class HostWarnings {
  private static final List<String> EXPLAINED =
      List.of("Workspaces are plain folders that are watched", "no control group can be written");

  private HostWarnings() {}

  /** This log without them, so that a test sees what the server itself did wrong. */
  public static String removedFrom(String log) {
    return BlockedThreads.withoutDelays(log)
        .lines()
        .filter(line -> EXPLAINED.stream().noneMatch(line::contains))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}

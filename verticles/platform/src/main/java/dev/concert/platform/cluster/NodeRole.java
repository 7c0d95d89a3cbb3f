package dev.concert.platform.cluster;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A service that a node may run. Coordinator and Chronicle go together: they share a disk. Where a
 * gateway runs, the chat bridges and the automations do, too.
 */
public enum NodeRole {
  GATEWAY,
  COORDINATOR,
  CHRONICLE,
  ENSEMBLE,
  BRIDGES,
  AUTOMATIONS;

  /** Name in configuration and at the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<NodeRole> of(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
  }
}

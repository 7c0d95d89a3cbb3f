package dev.concert.platform;

import java.util.Optional;

/** Which Concert this is. */
public final class Version {
  private Version() {}

  /** The version that the build wrote into the jar; {@code development} outside of one. */
  public static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}

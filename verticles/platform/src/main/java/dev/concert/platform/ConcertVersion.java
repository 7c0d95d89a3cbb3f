package dev.concert.platform;

import java.util.Optional;

/** The version of this program. */
public final class ConcertVersion {
  private ConcertVersion() {}

  /** The version in the jar's manifest; {@code development} without a jar. */
  public static String current() {
    return Optional.ofNullable(ConcertVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}

package dev.concert.chronicle.iteration;

import java.util.Locale;

/** What an iteration did to its file. Stored by its ordinal, so the order never changes. */
public enum Change {
  CREATED,
  MODIFIED,
  DELETED,
  RENAMED;

  public static Change of(int ordinal) {
    return values()[ordinal];
  }

  /** As it is called on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

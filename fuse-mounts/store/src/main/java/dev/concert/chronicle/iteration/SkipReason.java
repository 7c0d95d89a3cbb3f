package dev.concert.chronicle.iteration;

import java.util.Locale;

/** Why a version of a file is not kept. Stored by its ordinal, so the order never changes. */
public enum SkipReason {
  /** Its file was changed again before the content could be read. */
  CHANGED_AGAIN,
  /** Too much waited to be read. */
  BUSY,
  /** A rule says that files of this size are not versioned. */
  TOO_LARGE,
  /** A rule says that files of this size are versioned less often. */
  TOO_OFTEN;

  public static SkipReason of(int ordinal) {
    return values()[ordinal];
  }

  /** As it is called on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

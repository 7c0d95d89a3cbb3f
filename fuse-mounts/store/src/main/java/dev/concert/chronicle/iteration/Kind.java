package dev.concert.chronicle.iteration;

/** What has iterations. Stored by its ordinal, so the order never changes. */
public enum Kind {
  FILE,
  /** Its content is its target. */
  SYMLINK;

  public static Kind of(int ordinal) {
    return values()[ordinal];
  }
}

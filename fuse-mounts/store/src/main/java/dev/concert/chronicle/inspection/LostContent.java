package dev.concert.chronicle.inspection;

import java.util.List;

/**
 * A content that cannot be read.
 *
 * @param hash of what is damaged or missing, a content or one of its chunks
 * @param affected what cannot be read because of it, as {@code workspace: path @ iteration}; empty
 *     where no iteration needs it
 */
public record LostContent(Kind kind, String hash, List<String> affected) {
  /** What is wrong. */
  public enum Kind {
    /** What is stored is not what was put. */
    DAMAGED,
    /** Something needs it, and it is nowhere. */
    MISSING
  }
}

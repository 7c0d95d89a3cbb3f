package dev.concert.ensemble.guardrail;

import java.util.List;

/**
 * A text that streams through a guardrail. Its last characters wait, because what comes next may
 * belong to them; so does everything that is found and may still grow. Not thread-safe.
 */
final class HeldText {
  /** Characters; a pattern finds what is longer only if it matches already without its end. */
  static final int HELD = 256;

  /**
   * Characters that wait at most, for what is found and still grows. Each new piece is looked
   * through together with them, so without a limit the work would grow with the square of the text.
   */
  static final int MOST_HELD = 16 * 1024;

  private final PatternGuardrail guardrail;
  private final StringBuilder text = new StringBuilder();
  private int gone;
  private boolean changed;

  HeldText(PatternGuardrail guardrail) {
    this.guardrail = guardrail;
  }

  /** Takes a piece, and returns what may go on now. */
  String add(String piece) {
    text.append(piece);
    return text.length() - gone > MOST_HELD
        ? release(text.length(), true)
        : release(text.length() - HELD, false);
  }

  /** Takes the last piece of a text, and returns the rest. The next piece begins another text. */
  String end(String piece) {
    text.append(piece);
    String rest = release(text.length(), true);
    text.setLength(0);
    gone = 0;
    return rest;
  }

  /** Whether something was replaced since the last question. */
  boolean changed() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /**
   * @param whole whether what is found now is all of it, though it may reach the end
   */
  private String release(int wanted, boolean whole) {
    List<PatternGuardrail.Found> found = guardrail.found(text, gone);
    int to = whole ? wanted : uncut(wanted, found);
    found.stream()
        .filter(one -> whole || one.end() < text.length())
        .findFirst()
        .ifPresent(guardrail::stop);
    if (to <= gone) {
      return "";
    }
    String released = guardrail.redacted(text, gone, to, found);
    changed |= !released.contentEquals(text.substring(gone, to));
    gone = to;
    if (gone > 2 * HELD) {
      // What is before the rest decides about its beginning.
      text.delete(0, gone - HELD);
      gone = HELD;
    }
    return released;
  }

  /** The last place before another that cuts nothing found, and no character. */
  private int uncut(int wanted, List<PatternGuardrail.Found> found) {
    int to = wanted;
    for (PatternGuardrail.Found one : found) {
      if (one.start() < to && one.end() > to) {
        to = one.start();
      }
    }
    return to > 0 && Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
  }
}

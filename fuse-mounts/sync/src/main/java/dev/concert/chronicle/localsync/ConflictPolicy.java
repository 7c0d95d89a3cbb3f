package dev.concert.chronicle.localsync;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a file that both sides changed. */
public enum ConflictPolicy {
  /** Waits for a decision: both versions are kept, the local one in its place. */
  ASK,
  /** The local version is written over the workspace's, whose history keeps both. */
  KEEP_LOCAL,
  /** The workspace's version replaces the local one. */
  ACCEPT_UPSTREAM,
  /** The workspace's version gets the name, the local one another name beside it. */
  KEEP_BOTH,
  /**
   * Merges changes of different lines of a text; where that is not possible it is as with {@link
   * #ASK}.
   */
  MERGE;

  /** The word for it at the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException names the words that there are
   */
  public static ConflictPolicy of(String word) {
    return Arrays.stream(values())
        .filter(policy -> policy.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no '%s'; choose one of %s.".formatted(word, words())));
  }

  public static String words() {
    return Arrays.stream(values()).map(ConflictPolicy::word).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return word();
  }
}

package dev.concert.ensemble.guardrail;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A kind of text.
 *
 * @param label stands where the text was, in brackets
 * @param isReal whether what the pattern finds is of this kind, for example by its check digits
 */
public record TextPattern(String label, Pattern pattern, Predicate<String> isReal) {
  /** A pattern of the operator. */
  public static TextPattern of(String label, Pattern pattern) {
    return new TextPattern(label, pattern, found -> true);
  }
}

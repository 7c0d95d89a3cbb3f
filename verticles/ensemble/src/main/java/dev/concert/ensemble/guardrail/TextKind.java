package dev.concert.ensemble.guardrail;

import java.math.BigInteger;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Kinds of text that a configuration can name without a pattern. */
public enum TextKind {
  EMAIL("(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63})+"),
  CREDIT_CARD("(?<![\\d-])(?:\\d[ -]?){12,18}\\d(?![\\d-])", TextKind::isCard),
  IBAN("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b", TextKind::isAccount),
  US_SSN("\\b(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}\\b"),
  /** Keys of well-known services, and private keys. */
  SECRET(
      "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"
          + "|\\bgh[pousr]_[A-Za-z0-9]{36,255}\\b"
          + "|\\bgithub_pat_[A-Za-z0-9_]{22,255}\\b"
          + "|\\bxox[abprs]-[A-Za-z0-9-]{10,255}\\b"
          + "|\\bsk-[A-Za-z0-9_-]{20,255}\\b"
          + "|\\bAIza[0-9A-Za-z_-]{35}"
          + "|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
          + "[\\s\\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\\z)");

  private static final BigInteger CHECK = BigInteger.valueOf(97);

  private final TextPattern pattern;

  TextKind(String regex) {
    this(regex, found -> true);
  }

  TextKind(String regex, Predicate<String> isReal) {
    this.pattern =
        new TextPattern(
            name().toLowerCase(Locale.ROOT).replace('_', '-'), Pattern.compile(regex), isReal);
  }

  public TextPattern pattern() {
    return pattern;
  }

  /** By the check digit (ISO/IEC 7812-1). */
  private static boolean isCard(String found) {
    String digits = found.replaceAll("[ -]", "");
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = 2 * digit;
      sum += i % 2 == 0 ? digit : doubled / 10 + doubled % 10;
    }
    return sum % 10 == 0;
  }

  /** By the check digits (ISO 13616). */
  private static boolean isAccount(String found) {
    String account = found.replace(" ", "");
    StringBuilder number = new StringBuilder();
    (account.substring(4) + account.substring(0, 4))
        .chars()
        .forEach(character -> number.append(Character.getNumericValue(character)));
    return new BigInteger(number.toString()).mod(CHECK).equals(BigInteger.ONE);
  }
}

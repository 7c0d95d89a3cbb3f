package dev.concert.gateway.billing;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** US dollars as exact decimals: how clients write and read them. */
final class Usd {
  static final String CURRENCY = "USD";

  private static final Pattern AMOUNT = Pattern.compile("\\d{1,12}(\\.\\d{1,12})?");

  private Usd() {}

  /** A plain decimal, without exponent and trailing zeros. */
  static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }

  /**
   * Reads an amount of a request.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} that names the field
   */
  static BigDecimal parse(String field, String text) {
    if (!AMOUNT.matcher(text).matches()) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: '"
              + field
              + "' must be US dollars as a decimal such as \"12.50\", with at most 12 digits on"
              + " each side of the point.");
    }
    return new BigDecimal(text);
  }
}

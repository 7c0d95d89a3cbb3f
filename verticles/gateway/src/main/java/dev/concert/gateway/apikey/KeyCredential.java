package dev.concert.gateway.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text by which a program shows its key: {@code ck_ID_SECRET}, both random, in hexadecimal.
 *
 * @param id 24 digits; no secret
 * @param secret 64 digits
 */
record KeyCredential(String id, String secret) {
  /** The beginning of every key, by which secret scanners find one that leaked. */
  static final String PREFIX = "ck_";

  private static final int ID_BYTES = 12;
  private static final int SECRET_BYTES = 32;
  private static final Pattern FORM = Pattern.compile("ck_([0-9a-f]{24})_([0-9a-f]{64})");
  private static final SecureRandom RANDOM = new SecureRandom();

  static KeyCredential create() {
    return new KeyCredential(random(ID_BYTES), random(SECRET_BYTES));
  }

  static Optional<KeyCredential> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new KeyCredential(form.group(1), form.group(2)))
        : Optional.empty();
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /**
   * SHA-256 of the secret, in hexadecimal. The secret has 256 random bits, so a slow hash would add
   * nothing.
   */
  String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** The whole key. */
  String text() {
    return PREFIX + id + "_" + secret;
  }

  /** Without the secret, so that no log can hold it. */
  @Override
  public String toString() {
    return PREFIX + id;
  }
}

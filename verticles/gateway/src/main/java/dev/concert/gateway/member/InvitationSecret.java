package dev.concert.gateway.member;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secret of an invitation's link, of which only the hash is stored.
 *
 * @param text 256 random bits in hexadecimal digits, or whatever somebody sent
 */
record InvitationSecret(String text) {
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  static InvitationSecret create() {
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    return new InvitationSecret(HexFormat.of().formatHex(random));
  }

  /** SHA-256 in hexadecimal digits. */
  String hash() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Without the secret, so that no log can hold it. */
  @Override
  public String toString() {
    return "InvitationSecret[]";
  }
}

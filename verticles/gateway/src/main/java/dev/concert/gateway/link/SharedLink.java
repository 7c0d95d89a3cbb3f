package dev.concert.gateway.link;

import dev.concert.protocol.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A link as it is stored.
 *
 * @param tokenHash SHA-256 of the token, in hexadecimal. The token has 256 random bits, so a slow
 *     hash would add nothing
 * @param expiresAt Unix milliseconds
 */
record SharedLink(
    String tenantId,
    String sessionId,
    String id,
    String tokenHash,
    String createdBy,
    long createdAt,
    long expiresAt) {
  private static final int TOKEN_BYTES = 32;
  private static final int ID_BYTES = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** 64 digits. */
  static String newToken() {
    return random(TOKEN_BYTES);
  }

  static String newId() {
    return random(ID_BYTES);
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  boolean hasExpired(long now) {
    return now >= expiresAt;
  }

  ServerEvent.Share shown() {
    return new ServerEvent.Share(id, createdBy, createdAt, expiresAt);
  }
}

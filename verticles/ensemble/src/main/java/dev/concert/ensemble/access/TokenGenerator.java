package dev.concert.ensemble.access;

import java.security.SecureRandom;
import java.util.Base64;

/** Generates unguessable tokens: {@code ens_} and 256 random bits. Thread-safe. */
public final class TokenGenerator {
  private static final String PREFIX = "ens_";
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  public String next() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

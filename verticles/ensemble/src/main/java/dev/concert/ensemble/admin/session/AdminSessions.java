package dev.concert.ensemble.admin.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The sign-ins of operators. The value of a cookie is signed with the admin key, so every node with
 * that key knows it and none stores it; another admin key ends all sign-ins. Thread-safe.
 */
public final class AdminSessions {
  /** From the sign-in, however the page is used. */
  public static final Duration LASTS = Duration.ofHours(8);

  private static final int NONCE_BYTES = 18;
  private static final int MOST_ENDED = 10_000;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /** Of this node: elsewhere a value that somebody has kept is valid until its time is over. */
  private final Cache<String, Boolean> ended =
      Caffeine.newBuilder().expireAfterWrite(LASTS).maximumSize(MOST_ENDED).build();

  /**
   * @param adminKey a secret, not empty
   */
  public AdminSessions(String adminKey, Clock clock) {
    this.key = new SecretKeySpec(adminKey.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    this.clock = clock;
  }

  /** The value of the cookie of a new sign-in; a secret. */
  public String begin() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    String signed =
        clock.instant().plus(LASTS).toEpochMilli()
            + "."
            + Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    return signed + "." + sign("session", signed);
  }

  /**
   * The token that the page sends with each change; empty if the value is not of a valid sign-in.
   */
  public Optional<String> csrfToken(String value) {
    int end = value.lastIndexOf('.');
    if (end < 0 || ended.getIfPresent(value) != null) {
      return Optional.empty();
    }
    String signed = value.substring(0, end);
    boolean valid = equal(sign("session", signed), value.substring(end + 1)) && lives(signed);
    return valid ? Optional.of(sign("csrf", signed)) : Optional.empty();
  }

  /** Signs out. */
  public void end(String value) {
    if (csrfToken(value).isPresent()) {
      ended.put(value, true);
    }
  }

  static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private boolean lives(String signed) {
    try {
      long end = Long.parseLong(signed.substring(0, signed.indexOf('.')));
      return clock.instant().isBefore(Instant.ofEpochMilli(end));
    } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException e) {
      return false;
    }
  }

  private String sign(String purpose, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of()
          .formatHex(mac.doFinal((purpose + ":" + text).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("Every Java platform has " + ALGORITHM, e);
    }
  }
}

package dev.concert.github.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks that GitHub itself sent a webhook. Over the bytes as they came. */
public final class GitHubSignature {
  /** The header, in lower case. */
  public static final String HEADER = "x-hub-signature-256";

  private static final String ALGORITHM = "HmacSHA256";

  private GitHubSignature() {}

  /**
   * Whether it is right.
   *
   * @param signature what the header said; empty for none
   */
  public static boolean isRight(String secret, String signature, byte[] body) {
    return !secret.isEmpty()
        && MessageDigest.isEqual(
            sign(secret, body).getBytes(StandardCharsets.US_ASCII),
            signature.getBytes(StandardCharsets.UTF_8));
  }

  private static String sign(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("Every Java platform has HMAC-SHA256", e);
    }
  }
}

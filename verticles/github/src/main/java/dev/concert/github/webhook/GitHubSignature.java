package dev.concert.github.webhook;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Checks that GitHub itself sent a webhook. Over the bytes as they came. */
public final class GitHubSignature {
  /** The header, in lower case. */
  public static final String HEADER = "x-hub-signature-256";

  private GitHubSignature() {}

  /**
   * Whether it is right.
   *
   * @param signature what the header said; empty for none
   */
  public static boolean isRight(String secret, String signature, byte[] body) {
    return !secret.isEmpty() && WebhookHmac.isSame(sign(secret, body), signature);
  }

  private static String sign(String secret, byte[] body) {
    return "sha256="
        + HexFormat.of().formatHex(WebhookHmac.of(secret.getBytes(StandardCharsets.UTF_8), body));
  }
}

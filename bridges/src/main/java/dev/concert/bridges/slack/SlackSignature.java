package dev.concert.bridges.slack;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks that Slack itself sent a request, and not long ago. Over the bytes as they came. */
final class SlackSignature {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final String ALGORITHM = "HmacSHA256";

  private SlackSignature() {}

  /**
   * What is wrong, if anything.
   *
   * @param headers with names in lower case
   */
  static Optional<String> fault(
      String signingSecret, Map<String, String> headers, byte[] body, Instant now) {
    String time = headers.getOrDefault("x-slack-request-timestamp", "");
    String signature = headers.getOrDefault("x-slack-signature", "");
    if (!time.matches("\\d{1,12}") || signature.isEmpty()) {
      return Optional.of("no signature");
    }
    // Also what comes from the future is refused: it could be sent again when it is the present.
    Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now).abs();
    if (age.compareTo(WINDOW) > 0) {
      return Optional.of("the time is more than five minutes away");
    }
    byte[] expected = sign(signingSecret, time, body).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))
        ? Optional.empty()
        : Optional.of("the signature is wrong");
  }

  private static String sign(String signingSecret, String time, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(signingSecret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      mac.update(("v0:" + time + ":").getBytes(StandardCharsets.US_ASCII));
      return "v0=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("Every Java platform has HMAC-SHA256", e);
    }
  }
}

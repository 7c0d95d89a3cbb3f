package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Checks that Linear itself sent a request, and not long ago. Over the bytes as they came. */
final class LinearSignature {
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final String ALGORITHM = "HmacSHA256";

  private LinearSignature() {}

  /**
   * What is wrong, if anything.
   *
   * @param headers with names in lower case
   */
  static Optional<String> fault(String secret, Map<String, String> headers, byte[] body) {
    byte[] signature =
        headers.getOrDefault("linear-signature", "").getBytes(StandardCharsets.UTF_8);
    if (signature.length == 0) {
      return Optional.of("no signature");
    }
    byte[] expected = sign(secret, body).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, signature)
        ? Optional.empty()
        : Optional.of("the signature is wrong");
  }

  /**
   * Whether a request is of now. The time is that in the body: the header with the time is not
   * signed.
   */
  static boolean isOfNow(JsonNode request, Instant now) {
    Instant sent = Instant.ofEpochMilli(request.path("webhookTimestamp").asLong());
    return Duration.between(sent, now).abs().compareTo(WINDOW) <= 0;
  }

  private static String sign(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("Every Java platform has HMAC-SHA256", e);
    }
  }
}

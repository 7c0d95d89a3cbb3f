package dev.concert.automations.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as Standard Webhooks does, and verifies two signatures: that of Standard Webhooks, which
 * covers the event's id and time, and the header {@code X-Hub-Signature-256}, which GitHub and many
 * others send, and which covers the body only.
 */
public final class WebhookSignature {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAX_KEY = 200;

  private WebhookSignature() {}

  /**
   * The key of an event that is signed with this secret.
   *
   * @param headers with names in lower case
   * @return the same for an event that comes again; empty where no signature is right
   */
  static Optional<String> eventKey(
      Map<String, String> headers, byte[] body, String secret, Instant now) {
    return headers.containsKey("webhook-signature")
        ? standard(headers, body, secret, now)
        : ofGitHub(headers, body, secret);
  }

  private static Optional<String> standard(
      Map<String, String> headers, byte[] body, String secret, Instant now) {
    String id = headers.getOrDefault("webhook-id", "");
    String time = headers.getOrDefault("webhook-timestamp", "");
    if (id.isEmpty() || id.length() > MAX_KEY || !isNow(time, now)) {
      return Optional.empty();
    }
    byte[] wanted = standard(id, time, body, secret).getBytes(StandardCharsets.UTF_8);
    return Stream.of(headers.get("webhook-signature").split(" "))
            .map(one -> one.getBytes(StandardCharsets.UTF_8))
            .anyMatch(one -> MessageDigest.isEqual(one, wanted))
        ? Optional.of("webhook:" + id)
        : Optional.empty();
  }

  /** The header {@code webhook-signature} of a message that is sent at this time. */
  public static String standard(String id, Instant sent, byte[] body, String secret) {
    return standard(id, Long.toString(sent.getEpochSecond()), body, secret);
  }

  private static String standard(String id, String time, byte[] body, String secret) {
    byte[] key =
        Base64.getDecoder().decode(secret.substring(WebhookSecrets.WebhookSecret.PREFIX.length()));
    byte[] signed = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(mac(key, signed, body));
  }

  private static boolean isNow(String seconds, Instant now) {
    try {
      Instant sent = Instant.ofEpochSecond(Long.parseLong(seconds));
      return Duration.between(sent, now).abs().compareTo(TOLERANCE) <= 0;
    } catch (NumberFormatException | java.time.DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  private static Optional<String> ofGitHub(
      Map<String, String> headers, byte[] body, String secret) {
    byte[] given = headers.getOrDefault("x-hub-signature-256", "").getBytes(StandardCharsets.UTF_8);
    byte[] mac = mac(secret.getBytes(StandardCharsets.UTF_8), new byte[0], body);
    byte[] wanted = ("sha256=" + HexFormat.of().formatHex(mac)).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(given, wanted)) {
      return Optional.empty();
    }
    String id = headers.getOrDefault("x-github-delivery", "");
    // Without an id the same body is the same event.
    return Optional.of(
        id.isEmpty() || id.length() > MAX_KEY
            ? "body:" + HexFormat.of().formatHex(mac)
            : "webhook:" + id);
  }

  private static byte[] mac(byte[] key, byte[] first, byte[] second) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(first);
      return mac.doFinal(second);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no " + ALGORITHM, e);
    }
  }
}

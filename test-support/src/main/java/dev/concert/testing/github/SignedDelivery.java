package dev.concert.testing.github;

import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes webhooks as GitHub signs them. */
final class SignedDelivery {
  private SignedDelivery() {}

  /** Signs a payload. */
  static Delivery of(String event, JsonObject payload) {
    byte[] body = payload.toBuffer().getBytes();
    return new Delivery(
        Map.of(
            "content-type",
            "application/json",
            "user-agent",
            "GitHub-Hookshot/played",
            "x-github-event",
            event,
            "x-github-delivery",
            UUID.randomUUID().toString(),
            "x-github-hook-installation-target-type",
            "integration",
            "x-hub-signature-256",
            sign(body)),
        body);
  }

  private static String sign(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              FakeGitHub.WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

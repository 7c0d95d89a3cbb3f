package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;

import dev.concert.automation.AutomationMessages;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bus.AutomationAddresses;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Events from elsewhere with the signatures of those who send them. */
final class SignedEvents {
  private SignedEvents() {}

  /** A new secret of an automation's webhook. */
  static String secret(Engine engine, String id) {
    return engine
        .ask(
            AutomationAddresses.RENEW_WEBHOOK_SECRET,
            new AutomationMessages.RenewWebhookSecret(ANNE, id))
        .secret();
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** As the libraries of Standard Webhooks sign. */
  static Map<String, String> signed(String secret, String id, Instant at, String body) {
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    String signature =
        Base64.getEncoder().encodeToString(mac(key, id + "." + at.getEpochSecond() + "." + body));
    return Map.of(
        "webhook-id",
        id,
        "webhook-timestamp",
        Long.toString(at.getEpochSecond()),
        "webhook-signature",
        "v1,b3RoZXI= v1," + signature);
  }

  /** As GitHub signs. */
  static Map<String, String> asGitHub(String secret, String id, String body) {
    return Map.of(
        "x-github-delivery",
        id,
        "x-github-event",
        "push",
        "x-hub-signature-256",
        "sha256=" + HexFormat.of().formatHex(mac(secret.getBytes(StandardCharsets.UTF_8), body)));
  }

  /** Posts an event to the webhook of an automation. */
  static WebhookReply post(Engine engine, String id, Map<String, String> headers, String body) {
    return engine.ask(
        AutomationAddresses.DELIVER_EVENT,
        new DeliverWebhook("automation", id, headers, body.getBytes(StandardCharsets.UTF_8)));
  }
}

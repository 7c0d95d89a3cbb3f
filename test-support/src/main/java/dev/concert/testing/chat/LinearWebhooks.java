package dev.concert.testing.chat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What Linear sends to an app, with its signature. */
public final class LinearWebhooks {
  private LinearWebhooks() {}

  /**
   * An event of an agent session.
   *
   * @param workspace one of the two, from 1
   */
  public static JsonObject event(int workspace, String action, JsonObject session) {
    return new JsonObject()
        .put("type", "AgentSessionEvent")
        .put("action", action)
        .put("createdAt", Instant.now().toString())
        .put("organizationId", FakeLinear.workspace(workspace))
        .put("oauthClientId", "played-client")
        .put("appUserId", FakeLinear.app(workspace))
        .put("agentSession", session.copy())
        .put("webhookTimestamp", Instant.now().toEpochMilli())
        .put("webhookId", "played-webhook");
  }

  /** A session that a person began. */
  public static JsonObject session(int workspace, String id, String creator) {
    return new JsonObject()
        .put("id", id)
        .put("appUserId", FakeLinear.app(workspace))
        .put("organizationId", FakeLinear.workspace(workspace))
        .put("creatorId", creator)
        .put("status", "pending")
        .put("type", "commentThread");
  }

  /** What a person says in a session. */
  public static JsonObject prompt(String id, String session, String person, String text) {
    return new JsonObject()
        .put("id", id)
        .put("agentSessionId", session)
        .put("userId", person)
        .put("content", new JsonObject().put("type", "prompt").put("body", text));
  }

  /** The value of the header {@code Linear-Signature}. */
  public static String sign(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              FakeLinear.WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

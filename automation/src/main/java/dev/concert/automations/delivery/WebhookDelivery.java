package dev.concert.automations.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automations.delivery.GuardedPosts.Post;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.event.WebhookSecrets.WebhookSecret;
import dev.concert.automations.event.WebhookSignature;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/**
 * Posts items to webhooks of members, signed as Standard Webhooks does. An item that is posted
 * again has the same {@code webhook-id}. On one context.
 */
record WebhookDelivery(GuardedPosts posts, WebhookSecrets secrets, InstantSource clock)
    implements DeliveryWay {
  private static final Set<Integer> GONE = Set.of(410);

  /** The name of the secret with which a member's webhooks are signed. */
  static String secretName(String tenantId, String owner) {
    return "inbox:" + tenantId + ":" + owner;
  }

  @Override
  public Future<SendOutcome> send(Parcel parcel) {
    return posts.send(
        () ->
            secrets
                .find(secretName(parcel.tenantId(), parcel.owner()))
                .map(
                    secret ->
                        post(
                            parcel,
                            secret.orElseThrow(
                                () -> refused("There is no secret to sign with.")))));
  }

  private Post post(Parcel parcel, WebhookSecret secret) {
    byte[] body = body(parcel.item());
    Instant now = clock.instant();
    String url = parcel.url().orElseThrow(() -> refused("No address is set for webhooks."));
    return new Post(
        url,
        Map.of(
            "Content-Type",
            "application/json",
            "webhook-id",
            parcel.id(),
            "webhook-timestamp",
            Long.toString(now.getEpochSecond()),
            "webhook-signature",
            WebhookSignature.standard(parcel.id(), now, body, secret.secret())),
        body,
        GONE);
  }

  private static ConcertException refused(String why) {
    return new ConcertException(ErrorCode.PRECONDITION_FAILED, why);
  }

  private static byte[] body(InboxItem item) {
    ObjectNode message =
        Json.MAPPER
            .createObjectNode()
            .put("type", "inbox.item_created")
            .put("timestamp", Instant.ofEpochMilli(item.createdAt()).toString());
    message.set("data", Json.MAPPER.valueToTree(item));
    try {
      return Json.MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An item cannot be written as JSON", e);
    }
  }
}

package dev.concert.automations.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automations.delivery.GuardedPosts.Post;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * Brings items to browsers by their push services, which cannot read them (RFC 8030, 8291, 8292). A
 * message that comes again before the browser has it replaces the earlier one. On one context.
 */
final class PushDelivery implements DeliveryWay {
  private static final Set<Integer> GONE = Set.of(404, 410);
  private static final String DAYS_3 = "259200";

  // A character may need six bytes in JSON.
  private static final int LONGEST_TITLE = 100;
  private static final int LONGEST_BODY = 400;
  private static final int TOPIC_BYTES = 24;

  private final Vertx vertx;
  private final GuardedPosts posts;
  private final WebhookSecrets secrets;
  private final VapidIdentity identity;
  private final PushEncryption encryption = new PushEncryption();

  PushDelivery(Vertx vertx, GuardedPosts posts, WebhookSecrets secrets, VapidIdentity identity) {
    this.vertx = vertx;
    this.posts = posts;
    this.secrets = secrets;
    this.identity = identity;
  }

  @Override
  public Future<SendOutcome> send(Parcel parcel) {
    String name = PushSubscription.secretName(parcel.tenantId(), parcel.device().orElseThrow());
    return posts.send(
        () ->
            secrets
                .find(name)
                .map(
                    found ->
                        PushSubscription.read(
                            found
                                .orElseThrow(
                                    () ->
                                        new ConcertException(
                                            ErrorCode.PRECONDITION_FAILED,
                                            "The browser is not subscribed any more."))
                                .secret()))
                .compose(
                    subscription ->
                        identity
                            .authorization(subscription.endpoint())
                            .compose(sender -> post(parcel, subscription, sender))));
  }

  private Future<Post> post(Parcel parcel, PushSubscription to, String sender) {
    return vertx.executeBlocking(
        () ->
            new Post(
                to.endpoint(),
                Map.of(
                    "Authorization",
                    sender,
                    "Content-Encoding",
                    "aes128gcm",
                    "TTL",
                    DAYS_3,
                    "Urgency",
                    parcel.item().severity().equals("error") ? "high" : "normal",
                    "Topic",
                    topic(parcel.id())),
                encryption.encrypt(to.key(), to.auth(), message(parcel)),
                GONE),
        false);
  }

  private static byte[] message(Parcel parcel) throws JsonProcessingException {
    InboxItem item = parcel.item();
    ObjectNode message =
        Json.MAPPER
            .createObjectNode()
            .put("title", ShortText.marked(item.title(), LONGEST_TITLE))
            .put("body", ShortText.marked(item.body(), LONGEST_BODY))
            .put("tag", parcel.id())
            .put("url", "/automations.html");
    return Json.MAPPER.writeValueAsBytes(message);
  }

  private static String topic(String id) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, TOPIC_BYTES));
  }
}

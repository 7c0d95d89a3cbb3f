package dev.concert.automations.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automations.store.EventStore.Event;
import dev.concert.automations.store.EventStore.Taken;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * Takes what is posted to {@code /webhooks/automation/{id}}. Who does not sign learns nothing: not
 * whether there is such an automation either. Non-blocking.
 */
public final class EventWebhooks {
  private static final int MAX_BODY = 64 << 10;

  private final WebhookSecrets secrets;
  private final Slots slots;
  private final InstantSource clock;

  /** Where events become slots. */
  @FunctionalInterface
  public interface Slots {
    Future<Taken> take(String tenantId, String automationId, Event event);
  }

  public EventWebhooks(WebhookSecrets secrets, Slots slots, InstantSource clock) {
    this.secrets = secrets;
    this.slots = slots;
    this.clock = clock;
  }

  /** Verifies and stores an event. */
  public Future<WebhookReply> deliver(DeliverWebhook request) {
    if (request.body().length > MAX_BODY) {
      return Future.succeededFuture(
          reply(413, "error", "A body has at most 64 KiB. Send a link to the rest."));
    }
    return secrets
        .find(request.connectionId())
        .compose(
            found ->
                found
                    .flatMap(
                        secret ->
                            WebhookSignature.eventKey(
                                    request.headers(),
                                    request.body(),
                                    secret.secret(),
                                    clock.instant())
                                .map(key -> take(secret.tenantId(), request, key)))
                    .orElseGet(() -> Future.succeededFuture(unsigned())));
  }

  private Future<WebhookReply> take(String tenantId, DeliverWebhook request, String key) {
    return slots
        .take(tenantId, request.connectionId(), new Event(key, payload(request, key), 0))
        .map(
            taken ->
                switch (taken) {
                  case DUE -> reply(202, "state", "accepted");
                  case SKIPPED -> reply(202, "state", "skipped");
                  case DUPLICATE -> reply(200, "state", "duplicate");
                  case UNKNOWN -> unsigned();
                });
  }

  private static WebhookReply unsigned() {
    return reply(
        401,
        "error",
        "The signature is missing or wrong. Sign with the secret of the automation, and send the"
            + " time of now.");
  }

  private static WebhookReply reply(int status, String name, String text) {
    return new WebhookReply(
        status, "application/json", Json.MAPPER.createObjectNode().put(name, text).toString());
  }

  private static String payload(DeliverWebhook request, String key) {
    ObjectNode payload = Json.MAPPER.createObjectNode().put("source", "webhook").put("event", key);
    String type = request.headers().getOrDefault("x-github-event", "");
    if (!type.isEmpty()) {
      payload.put("type", type);
    }
    String body = new String(request.body(), StandardCharsets.UTF_8);
    try {
      payload.set("body", Json.MAPPER.readTree(body));
    } catch (JsonProcessingException notJson) {
      payload.put("body", body);
    }
    return payload.toString();
  }
}

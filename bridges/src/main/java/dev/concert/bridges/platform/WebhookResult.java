package dev.concert.bridges.platform;

import dev.concert.bridge.BridgeMessages.WebhookReply;
import io.vertx.core.Future;
import java.util.List;

/** What a request to a webhook is. */
public sealed interface WebhookResult {
  /** The platform did not send it, or it is too old. Nothing of it is believed. */
  record Forged(String reason) implements WebhookResult {}

  /** It is answered with this, and has no effect. */
  record Answer(WebhookReply reply) implements WebhookResult {}

  /** People did this; the platform gets the reply once the events are claimed. */
  record Events(List<InboundEvent> events, WebhookReply reply) implements WebhookResult {}

  /**
   * It is known later what it is, for example once the platform's keys were fetched. Where that
   * fails nothing is known, and the platform may send it again.
   */
  record Later(Future<WebhookResult> result) implements WebhookResult {}

  /** A reply that the platform takes as "received". */
  static WebhookReply received() {
    return new WebhookReply(200, "text/plain", "");
  }
}

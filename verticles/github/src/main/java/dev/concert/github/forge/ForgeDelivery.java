package dev.concert.github.forge;

import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.github.webhook.ForgeEvent;
import java.util.Optional;

/**
 * What a webhook says, and its answer.
 *
 * @param id that the forge gave it
 * @param event for the work on issues; empty where it does not concern that
 * @param happened for automations; empty where it is about no repository
 * @param revokedBy account that takes back what it allowed an App; 0 for none
 */
public record ForgeDelivery(
    WebhookReply reply,
    String id,
    Optional<ForgeEvent> event,
    Optional<RepositoryActivity> happened,
    long revokedBy) {
  /** An id is a GUID, or something like it. */
  private static final String ID = "[A-Za-z0-9_-]{1,100}";

  private static final WebhookReply TAKEN = new WebhookReply(202, "text/plain", "");

  /** One that was believed. */
  public static ForgeDelivery taken(String id, Optional<ForgeEvent> event) {
    return new ForgeDelivery(TAKEN, id, event, Optional.empty(), 0);
  }

  /** One that is not taken, with a sentence for whoever sent it. */
  public static ForgeDelivery refused(int status, String sentence) {
    return new ForgeDelivery(
        new WebhookReply(status, "text/plain", sentence),
        "",
        Optional.empty(),
        Optional.empty(),
        0);
  }

  /** Whether a text can be the id of a delivery. */
  public static boolean isId(String text) {
    return text.matches(ID);
  }
}

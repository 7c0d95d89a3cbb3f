package dev.concert.automations.delivery;

import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import java.util.Optional;

/** Brings an item to a member by one channel. Non-blocking. */
@FunctionalInterface
interface DeliveryWay {
  /** Sends the message once. If the future fails, the message may or may not have arrived. */
  Future<SendOutcome> send(Parcel parcel);

  /**
   * What is sent.
   *
   * @param owner of the item
   * @param id by which a message that comes again is known
   * @param url of a webhook
   * @param device for which it is alone
   */
  record Parcel(
      String tenantId,
      String owner,
      String id,
      InboxItem item,
      Optional<String> url,
      Optional<String> device) {
    String text() {
      return item.body().isBlank() ? item.title() : item.title() + "\n\n" + item.body();
    }
  }
}

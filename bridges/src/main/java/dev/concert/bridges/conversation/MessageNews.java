package dev.concert.bridges.conversation;

import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.bridges.member.ChatMembers;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bus.AutomationAddresses;
import dev.concert.foundation.client.EventOffers;
import io.vertx.core.Future;

/**
 * Tells automations what members write, wherever Concert sees it. They never hear of strangers, nor
 * of commands to Concert, which may have a code in them.
 */
record MessageNews(String tenantId, ChatMembers members, EventOffers offers) {

  /** Completes when the engine has it, or does not need it. */
  Future<Void> tell(ChatConnection connection, InboundEvent event) {
    if (event.kind() != Kind.MESSAGE
        || event.text().isBlank()
        || EventHandler.command(event).isPresent()) {
      return Future.succeededFuture();
    }
    return members
        .find(connection.id(), event.sender())
        .compose(
            member ->
                member
                    .map(
                        userId ->
                            offers.offer(
                                AutomationAddresses.TAKE_CHAT_EVENT,
                                new ChatEvent(
                                    tenantId,
                                    event.eventId(),
                                    connection.platform(),
                                    connection.id(),
                                    event.channel(),
                                    userId,
                                    event.text(),
                                    event.isDirect())))
                    .orElseGet(Future::succeededFuture));
  }
}

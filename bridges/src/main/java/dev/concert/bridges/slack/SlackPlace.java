package dev.concert.bridges.slack;

import dev.concert.bridges.platform.ChatConnection;
import dev.concert.foundation.outbox.OutboxMessage;

/**
 * Where a message goes.
 *
 * @param thread the time of its first message; empty for none
 */
record SlackPlace(String channel, String thread) {
  static SlackPlace of(OutboxMessage message) {
    return of(ChatConnection.conversationOf(message));
  }

  static SlackPlace of(String conversation) {
    String[] parts = conversation.split(":", 2);
    return new SlackPlace(parts[0], parts.length == 2 ? parts[1] : "");
  }
}

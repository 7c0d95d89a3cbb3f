package dev.concert.bridges.conversation;

import dev.concert.bridges.platform.ChatText;
import io.vertx.core.Future;

/** Takes the messages that people are to see. */
@FunctionalInterface
interface MessageSink {
  /**
   * Puts a message, or replaces the one with this key; durable when the future succeeds.
   *
   * @param key unique in the conversation
   */
  Future<Void> put(String connectionId, String conversation, String key, ChatText text);
}

package dev.concert.bridges.platform;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A chat platform. Non-blocking; used on the context of the bridges. */
public interface ChatPlatform {
  /** Its name in addresses and configuration, for example {@code slack}. */
  String name();

  /** The names of the secrets that a connection needs. */
  Set<String> secrets();

  /** The names of secrets that a connection may have besides. */
  default Set<String> optionalSecrets() {
    return Set.of();
  }

  /**
   * Whether a direct conversation stays the same person's, so that they can be told something there
   * later.
   */
  default boolean keepsDirectChats() {
    return true;
  }

  /** What it can show. */
  ChatCapabilities capabilities();

  /** What it can show in a conversation, where that differs. */
  default ChatCapabilities capabilities(String conversation) {
    return capabilities();
  }

  /**
   * Asks the platform whose credentials these are.
   *
   * @return fails with {@code BRIDGE_REFUSED} where it does not take them
   */
  Future<Account> verify(Map<String, String> settings, Map<String, String> secrets);

  /**
   * The id of a connection with these secrets, where the platform has to know its address before it
   * can take them. Nobody can guess it who does not know the secrets.
   */
  default Optional<String> connectionId(Map<String, String> secrets) {
    return Optional.empty();
  }

  /** Does at the platform what a new connection needs, such as registering a command. */
  default Future<Void> setUp(ChatConnection connection) {
    return Future.succeededFuture();
  }

  /** Fetches the events of a connection; empty where they come as webhooks only. */
  default Optional<ChatReceiver> receiver(ChatConnection connection, ChatInbox inbox) {
    return Optional.empty();
  }

  /**
   * Makes the place where the answer to this event goes, such as a thread. A second time changes
   * nothing.
   */
  default Future<Void> prepare(ChatConnection connection, InboundEvent event) {
    return Future.succeededFuture();
  }

  /**
   * Shows where the session of this event is. A second time changes nothing; what fails is not
   * tried again.
   */
  default Future<Void> begun(ChatConnection connection, InboundEvent event, String sessionId) {
    return Future.succeededFuture();
  }

  /**
   * What was said in the thread of this event before it, oldest first; none where the platform does
   * not say, or where the event began the thread.
   *
   * @param max number of messages
   */
  default Future<List<EarlierMessage>> earlier(
      ChatConnection connection, InboundEvent event, int max) {
    return Future.succeededFuture(List.of());
  }

  /** Checks that the platform itself sent this, and reads it. Does nothing else. */
  WebhookResult read(ChatConnection connection, DeliverWebhook webhook);

  /** Sends the messages of a connection, whose contents are {@link ChatText}s as JSON. */
  OutboxSender sender(ChatConnection connection);

  /**
   * Fetches a file that somebody sent.
   *
   * @return fails where the platform does not give it, or where it has more bytes than that
   */
  default Future<Buffer> fetch(ChatConnection connection, SentFile attachment, int maxBytes) {
    return Future.failedFuture("Files are not fetched from " + name());
  }

  /** Sends a file, which is the content of this message, where the capabilities say so. */
  default Future<SendOutcome> send(
      ChatConnection connection, OutboxMessage message, OutboundFile file) {
    return Future.succeededFuture(new SendOutcome.Refused(name() + " takes no files"));
  }

  /** Shows people for a few seconds that an answer is under way. It may do nothing. */
  default void showTyping(ChatConnection connection, String conversation) {}
}

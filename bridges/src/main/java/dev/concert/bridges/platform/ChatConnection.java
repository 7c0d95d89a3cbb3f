package dev.concert.bridges.platform;

import dev.concert.foundation.outbox.OutboxMessage;
import java.util.Map;

/**
 * A tenant's account at a platform, with its secrets.
 *
 * @param id unguessable; a part of the address of its webhooks
 * @param createdAt Unix milliseconds
 */
public record ChatConnection(
    String id,
    String tenantId,
    String platform,
    String name,
    Account account,
    Map<String, String> settings,
    Map<String, String> secrets,
    long createdAt) {

  /** A secret that the platform needs. */
  public String secret(String secretName) {
    String secret = secrets.get(secretName);
    if (secret == null) {
      throw new IllegalStateException(
          "The connection '%s' lacks the secret '%s'".formatted(id, secretName));
    }
    return secret;
  }

  /** The conversation of a message of the outbox, where each connection has lanes of its own. */
  public static String conversationOf(OutboxMessage message) {
    return message.conversation().substring(message.conversation().indexOf(' ') + 1);
  }

  /** The lane of the outbox that a conversation is. */
  public static String lane(String connectionId, String conversation) {
    return connectionId + " " + conversation;
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "ChatConnection[%s, %s, %s]".formatted(id, tenantId, platform);
  }
}

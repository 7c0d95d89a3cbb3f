package dev.concert.bridge;

import dev.concert.protocol.SecretReply;
import java.util.List;
import java.util.Map;

/** What the gateway passes on to the chat bridges. */
public interface BridgeMessages {
  /**
   * A request to {@code /webhooks/{platform}/{connection}}, not verified yet.
   *
   * @param method of the request
   * @param path below the address of the connection, as it came; empty for that address itself
   * @param headers with names in lower case; the first of each name
   * @param body as it came, since signatures are over its bytes
   */
  record DeliverWebhook(
      String platform,
      String connectionId,
      String method,
      String path,
      Map<String, String> headers,
      byte[] body) {
    public DeliverWebhook {
      // A node of an older version says neither.
      method = method == null ? "POST" : method;
      path = path == null ? "" : path;
    }

    /** A POST to the address of the connection. */
    public DeliverWebhook(
        String platform, String connectionId, Map<String, String> headers, byte[] body) {
      this(platform, connectionId, "POST", "", headers, body);
    }
  }

  /** What the sender of a webhook gets. */
  record WebhookReply(int status, String contentType, String body) {}

  /**
   * @param secrets of the platform, such as tokens, by their names
   */
  record AddBridge(
      String tenantId,
      String userId,
      String platform,
      String name,
      Map<String, String> settings,
      Map<String, String> secrets) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "AddBridge[%s, %s, %s, %s]".formatted(tenantId, platform, name, secrets.keySet());
    }
  }

  /**
   * A connection of a tenant to a chat platform.
   *
   * @param account to which it belongs there, such as a Slack team
   * @param isConnected whether events reach us now, where they are fetched; true where they come as
   *     webhooks
   * @param health how it is, one sentence
   * @param createdAt Unix milliseconds
   */
  record Bridge(
      String connectionId,
      String platform,
      String name,
      String account,
      String accountName,
      String webhookPath,
      boolean isConnected,
      String health,
      long createdAt) {}

  record ListBridges(String tenantId) {}

  record Bridges(List<Bridge> bridges) {}

  record TestBridge(String tenantId, String connectionId) {}

  /**
   * @param ok whether the platform takes the credentials
   * @param message one sentence
   */
  record BridgeTested(boolean ok, String message) {}

  record RemoveBridge(String tenantId, String connectionId) {}

  /** The tenant is being deleted: its connections, secrets and chats go. */
  record ForgetTenant(String tenantId) {}

  record CreatePairingCode(String tenantId, String userId) {}

  /**
   * A code by which a member says in a chat who they are.
   *
   * @param expiresAt Unix milliseconds
   */
  record PairingCode(String code, long expiresAt) implements SecretReply {
    @Override
    public boolean hasSecret() {
      return true;
    }

    /** Without the code. */
    @Override
    public String toString() {
      return "PairingCode[]";
    }
  }
}

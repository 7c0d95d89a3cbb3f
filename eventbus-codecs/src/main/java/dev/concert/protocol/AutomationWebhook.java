package dev.concert.protocol;

/**
 * Where senders post an automation's events.
 *
 * @param path at this server
 * @param secret to sign with, which nothing shows again
 */
public record AutomationWebhook(String automationId, String path, String secret)
    implements SecretReply {
  /** Without the secret. */
  @Override
  public String toString() {
    return "AutomationWebhook[" + path + "]";
  }
}

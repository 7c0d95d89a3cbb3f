package dev.concert.protocol;

/**
 * A way by which items of an inbox also reach their owner.
 *
 * @param channel {@code webhook}, {@code email}, {@code chat} or {@code push}
 * @param from the least severity that goes there, or {@code off}
 * @param url of a webhook; null for none
 * @param waiting messages that are not sent yet
 * @param failed messages that are given up, of the last days
 * @param fault why the newest of those two is not sent; null for nothing
 * @param secret with which a webhook is signed, where it is new; null otherwise
 */
public record DeliveryChannel(
    String channel, String from, String url, int waiting, int failed, String fault, String secret)
    implements SecretReply {
  @Override
  public boolean hasSecret() {
    return secret != null;
  }

  /** Without the secret and the address, which may hold one. */
  @Override
  public String toString() {
    return "DeliveryChannel[" + channel + ", " + from + "]";
  }
}

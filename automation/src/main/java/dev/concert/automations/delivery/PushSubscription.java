package dev.concert.automations.delivery;

import java.util.Base64;

/**
 * What a browser gave for messages to it.
 *
 * @param endpoint where its push service takes them
 * @param p256dh its public key, in Base64 for URLs
 * @param secret its secret, in the same form
 */
record PushSubscription(String endpoint, String p256dh, String secret) {

  /** The name under which it is kept. */
  static String secretName(String tenantId, String device) {
    return "push:" + tenantId + ":" + device;
  }

  /** Whether a browser can have given it. */
  boolean isValid() {
    try {
      byte[] key = key();
      return key.length == PushEncryption.POINT
          && key[0] == 4
          && auth().length == PushEncryption.AUTH;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  byte[] key() {
    return Base64.getUrlDecoder().decode(p256dh);
  }

  byte[] auth() {
    return Base64.getUrlDecoder().decode(secret);
  }

  String written() {
    return String.join("\n", endpoint, p256dh, secret);
  }

  static PushSubscription read(String written) {
    String[] parts = written.split("\n", 3);
    return new PushSubscription(parts[0], parts[1], parts[2]);
  }

  @Override
  public String toString() {
    return "PushSubscription[]";
  }
}

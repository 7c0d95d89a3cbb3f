package dev.concert.github.api;

/**
 * An App that we are.
 *
 * @param privateKey PEM; a secret
 */
public record AppIdentity(String connectionId, long appId, String privateKey) {
  /** Without the key. */
  @Override
  public String toString() {
    return "AppIdentity[%s, %d]".formatted(connectionId, appId);
  }
}

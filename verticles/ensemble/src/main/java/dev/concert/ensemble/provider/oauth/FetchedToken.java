package dev.concert.ensemble.provider.oauth;

import java.time.Duration;

/**
 * An access token.
 *
 * @param value a secret
 * @param life from now on; zero if it is not known
 */
public record FetchedToken(String value, Duration life) {
  @Override
  public String toString() {
    return "FetchedToken[life=" + life + "]";
  }
}

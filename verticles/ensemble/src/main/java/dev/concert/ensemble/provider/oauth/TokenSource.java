package dev.concert.ensemble.provider.oauth;

import io.vertx.core.Future;
import java.util.Optional;

/** Where an access token comes from. */
public interface TokenSource {
  /**
   * Fetches a new token.
   *
   * @return fails with a {@code ConcertException} without a secret in it
   */
  Future<FetchedToken> fetch();

  /** The secret it signs in with, which operators change; a token of another one is not used. */
  default Optional<String> key() {
    return Optional.empty();
  }
}

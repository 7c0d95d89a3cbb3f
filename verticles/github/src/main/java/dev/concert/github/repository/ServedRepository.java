package dev.concert.github.repository;

import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.InstallationTokens.Purpose;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import java.time.Duration;
import java.util.Map;

/**
 * A repository that an App of the tenant serves.
 *
 * @param installation of the App, on the account that has the repository
 */
public record ServedRepository(ForgeConnection connection, long installation, RepositoryName name) {
  /** Longer ones are not sent: the member's own wait ends a little later. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Who may do one thing here, such as {@code issues} to {@code read}. */
  ApiCaller caller(InstallationTokens tokens, String permission, String level) {
    return tokens
        .installation(
            connection.app(),
            new Purpose(connection.id(), installation, name, Map.of(permission, level)))
        .within(PATIENCE);
  }
}

package dev.concert.coordinator.egress;

import dev.concert.bridge.GitOriginMessages.OpenOrigin;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.coordinator.egress.GitDoor.GitWay;
import io.vertx.core.Future;
import java.time.Duration;

/** Finds the repositories of sessions. Thread-safe. */
@FunctionalInterface
public interface GitOrigins {
  /** Opens the way for one request of an agent of this session, as {@link GitDoor#open} does. */
  Future<GitWay> open(String tenantId, String sessionId);

  /** Asks whoever works for the session on a forge. */
  static GitOrigins of(ConcertBus bus) {
    Duration timeout = Duration.ofSeconds(10);
    return (tenantId, sessionId) ->
        bus.request(GitHubAddresses.OPEN_ORIGIN, new OpenOrigin(tenantId, sessionId), timeout)
            .compose(
                opened ->
                    bus.directory()
                        .hostOf(opened.node())
                        .map(host -> new GitWay(host, opened.port(), opened.key())));
  }
}

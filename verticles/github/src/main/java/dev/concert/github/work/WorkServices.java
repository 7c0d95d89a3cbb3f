package dev.concert.github.work;

import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.github.api.GitHubClient;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.PauseClock;
import dev.concert.github.api.RepositoryApi;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitBroker;
import dev.concert.github.connection.GitHubConnection;
import dev.concert.github.connection.GitHubConnectionStore;
import dev.concert.github.member.AccountStore;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the work of all tenants needs.
 *
 * @param workers for git and files
 * @param folder of the repositories
 * @param agentType of sessions, where a connection names none
 * @param page where people find sessions, without a final slash; empty for no links
 */
public record WorkServices(
    Vertx vertx,
    WorkerExecutor workers,
    ConcertBus bus,
    GatewayClient gateway,
    GitHubClient client,
    InstallationTokens tokens,
    GitBroker broker,
    GitHubConnectionStore connections,
    AccountStore accounts,
    Path folder,
    String agentType,
    Optional<String> page,
    PauseClock clock) {

  /** A repository as one App sees it. */
  public RepositoryApi repository(
      GitHubConnection connection, long installation, RepositoryName repository) {
    return new RepositoryApi(client, tokens, connection.app(), installation, repository);
  }
}

package dev.concert.github.work;

import dev.concert.bus.ConcertBus;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
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
import dev.concert.github.member.AccountStore.MemberLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the work of all tenants needs.
 *
 * @param workers for git and files
 * @param folder of the repositories
 * @param agentType of sessions, where a connection names none
 * @param page where people find sessions, without a final slash; empty for no links
 * @param web where GitHub's pages are, without a final slash
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
    URI web,
    PauseClock clock) {
  private static final Set<ErrorCode> MAY_NOT = Set.of(ErrorCode.FORBIDDEN, ErrorCode.AUTH_FAILED);

  /** A repository as one App sees it. */
  public RepositoryApi repository(
      GitHubConnection connection, long installation, RepositoryName repository) {
    return new RepositoryApi(client, tokens, connection.app(), installation, repository);
  }

  /**
   * Whether the tenant of an App has this account's repositories. A stranger may install a public
   * App.
   */
  public Future<Boolean> serves(GitHubConnection connection, String owner, long installation) {
    return connection.serves(owner)
        ? Future.succeededFuture(true)
        : accounts.isBound(connection.id(), installation);
  }

  /** In which installation a repository is; the webhook of a repository itself tells 0. */
  public Future<Long> installation(
      GitHubConnection connection, long told, RepositoryName repository) {
    return told != 0
        ? Future.succeededFuture(told)
        : tokens.installationOf(connection.app(), repository);
  }

  /**
   * In whose name Concert does what a person on GitHub asks for now: the member who is linked to
   * them, or who connected the App where nobody is. It is asked for each call, so that a link that
   * ends has no effect any more.
   */
  Future<String> member(GitHubConnection connection, long githubId) {
    return accounts
        .memberOf(connection.tenantId(), githubId)
        .map(link -> link.map(MemberLink::userId).orElse(connection.userId()));
  }

  /** Whether a member may not do something, or is none any more. */
  static boolean isForbidden(Throwable failure) {
    return MAY_NOT.contains(Problem.of(failure).code());
  }

  /** Stops the turn of a session in the name of a member; that none runs is well. */
  Future<Void> stopTurn(String tenantId, String userId, String sessionId) {
    return gateway
        .call(tenantId, userId, "stop_turn", GatewayClient.request().put("sessionId", sessionId))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.NO_TURN
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }
}

package dev.concert.github.work;

import dev.concert.bus.ConcertBus;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.PauseClock;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitBroker;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnectionStore;
import dev.concert.github.forge.Forge;
import dev.concert.github.forge.Forges;
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
    Forges forges,
    GitBroker broker,
    ForgeConnectionStore connections,
    Path folder,
    String agentType,
    Optional<String> page,
    URI web,
    PauseClock clock) {
  private static final Set<ErrorCode> MAY_NOT = Set.of(ErrorCode.FORBIDDEN, ErrorCode.AUTH_FAILED);

  /** The forge of a connection. */
  Forge forge(ForgeConnection connection) {
    return forges.of(connection);
  }

  /** A repository as a connection sees it. */
  ForgeRepository repository(
      ForgeConnection connection, long installation, RepositoryName repository) {
    return forge(connection).repository(connection, installation, repository);
  }

  /**
   * In whose name Concert does what a person on a forge asks for now: the member who is linked to
   * them, or who made the connection where nobody is. It is asked for each call, so that a link
   * that ends has no effect any more.
   */
  Future<String> member(ForgeConnection connection, long person) {
    return forge(connection)
        .member(connection, person)
        .map(linked -> linked.orElse(connection.userId()));
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

package dev.concert.ensemble;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.api.EnsembleRouter;
import dev.concert.ensemble.batch.VendorObjects;
import dev.concert.ensemble.call.ActiveCalls;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.ledger.UsageLedger;
import dev.concert.ensemble.metrics.MetricsRoute;
import dev.concert.ensemble.pipeline.CallPipeline;
import dev.concert.ensemble.pipeline.CallServices;
import dev.concert.ensemble.response.StoredConversations;
import dev.concert.ensemble.response.StoredResponses;
import dev.concert.ensemble.routing.EnsembleHealth;
import dev.concert.ensemble.socket.SocketRoute;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One event loop of a node. It has a server at the port of all loops, which share the connections,
 * and a pipeline of its own; a call stays on its loop. What the calls of all loops need together is
 * in {@link Shared}.
 */
final class HttpLoop extends VerticleBase {
  /** Time for clients to read the last bytes after all calls have ended. */
  private static final Duration LAST_BYTES = Duration.ofMillis(500);

  private final Shared shared;
  private final int port;
  private final Supplier<Future<Void>> stopped;
  private ActiveCalls active;
  private HttpServer server;

  /** What all loops use; thread-safe. */
  record Shared(
      EnsembleOptions options,
      AccessTokens tokens,
      VisibleModels models,
      EnsembleHealth health,
      CallServices calls,
      Optional<UsageLedger> ledger,
      Optional<StoredResponses> responses,
      StoredConversations conversations,
      VendorObjects objects,
      Router admin,
      RequestBodyHandler bodies,
      MetricsRoute metrics) {}

  /**
   * @param port below 0: a free one, which loops with the same number share
   * @param stopped begins to stop all loops, when it is called first; completes when they are
   */
  HttpLoop(Shared shared, int port, Supplier<Future<Void>> stopped) {
    this.shared = shared;
    this.port = port;
    this.stopped = stopped;
  }

  @Override
  public Future<?> start() {
    CallPipeline calls = new CallPipeline(vertx, shared.calls());
    active = calls.active();
    EnsembleOptions options = shared.options();
    return vertx
        .createHttpServer(HttpServerConfig.at(options.host(), port))
        .requestHandler(
            shared
                .metrics()
                .before(
                    EnsembleRouter.router(
                        vertx,
                        shared.tokens(),
                        shared.models(),
                        shared.health(),
                        calls,
                        shared.ledger(),
                        shared.responses(),
                        shared.conversations(),
                        shared.objects(),
                        new SocketRoute(vertx, shared.tokens(), calls),
                        shared.admin(),
                        shared.bodies(),
                        options.control().origins())))
        .listen()
        .onSuccess(listening -> server = listening);
  }

  /** The port it listens on; valid after deployment. */
  int actualPort() {
    return server.actualPort();
  }

  /** Ends the calls of callers who may not call any more. Any thread. */
  void revoke(Predicate<Caller> isRevoked) {
    context.runOnContext(now -> active.revoke(isRevoked));
  }

  /** Refuses new calls; completes when no call is left. Any thread. */
  Future<Void> drain() {
    Promise<Void> none = Promise.promise();
    context.runOnContext(now -> active.stop(vertx, shared.options().drain()).onComplete(none));
    return none.future();
  }

  /** Closes the server. Any thread. */
  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        now -> server.shutdown(LAST_BYTES.toMillis(), TimeUnit.MILLISECONDS).onComplete(closed));
    return closed.future();
  }

  @Override
  public Future<?> stop() {
    return stopped.get();
  }
}

package dev.concert.chronicle.loopback;

import dev.concert.bus.ConcertBus;
import dev.concert.foundation.http.ListeningPorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * An HTTP server that lets in who has a one-time token. It listens on this node's host, from the
 * first time that a request is expected: the loopback address where the node is alone. Used on the
 * context of its verticle.
 *
 * @param <T> what a request is let in for
 */
public final class OneTimeServer<T> {
  private final Vertx vertx;
  private final ConcertBus bus;
  private final String path;
  private final HttpServerOptions options;
  private final BiConsumer<T, HttpServerRequest> handler;
  private final OneTimeTokens<T> expected;
  private Optional<Future<HttpServer>> server = Optional.empty();

  /**
   * @param path at which alone requests are let in
   * @param handler gets each request that is let in; does not block
   */
  public OneTimeServer(
      Vertx vertx,
      ConcertBus bus,
      String path,
      HttpServerOptions options,
      BiConsumer<T, HttpServerRequest> handler) {
    this.vertx = vertx;
    this.bus = bus;
    this.path = path;
    this.options = options;
    this.handler = handler;
    this.expected = new OneTimeTokens<>(vertx);
  }

  /** Where one request may come to, and with which token. */
  public record Ticket(String node, int port, String path, String token) {}

  /** How many requests are expected and have not come. */
  public int expected() {
    return expected.size();
  }

  /** Expects one request. */
  public Future<Ticket> expect(T what) {
    if (server.isEmpty() || server.get().failed()) {
      server = Optional.of(listen());
    }
    return server
        .get()
        .map(
            listening ->
                new Ticket(bus.node(), listening.actualPort(), path, expected.issue(what)));
  }

  private Future<HttpServer> listen() {
    HttpServer created = vertx.createHttpServer(options).requestHandler(this::request);
    return bus.directory()
        .hostOf(bus.node())
        .compose(host -> created.listen(0, host))
        .onSuccess(listening -> ListeningPorts.add(vertx, listening.actualPort()));
  }

  private void request(HttpServerRequest request) {
    Optional<T> what = expected.take(request, path);
    if (what.isEmpty()) {
      request.response().setStatusCode(401).end();
    } else {
      handler.accept(what.get(), request);
    }
  }

  public Future<?> close() {
    return server
        .map(listening -> listening.compose(HttpServer::close))
        .orElseGet(Future::succeededFuture);
  }
}

package dev.concert.gateway.transfer;

import dev.concert.bus.ConcertBus;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.http.Routes;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.gateway.sync.SyncRoute;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The routes at which the gateway only passes on what a workspace's owner does. */
public record WorkspaceRoutes(SyncRoute sync, TransferRoute transfers) implements Consumer<Router> {
  public WorkspaceRoutes(
      Vertx vertx, ConcertBus bus, HttpIdentity identity, Supplier<SessionDirectory> directory) {
    this(
        new SyncRoute(vertx, bus, identity, directory),
        new TransferRoute(vertx, bus, identity, directory));
  }

  @Override
  public void accept(Router router) {
    Routes.get(router, "/sync", sync);
    transfers.add(router);
  }
}

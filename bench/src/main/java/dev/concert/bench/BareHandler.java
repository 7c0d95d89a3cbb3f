package dev.concert.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/**
 * A Vert.x server that answers every request with the same JSON, on as many event loops as the
 * gateway has. Prints the port.
 */
public final class BareHandler {
  private static final Buffer BODY = Buffer.buffer("{\"status\":\"up\"}");

  private BareHandler() {}

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    int loops = Math.min(4, Runtime.getRuntime().availableProcessors());
    vertx
        .deployVerticle(Server::new, new DeploymentOptions().setInstances(loops))
        .onFailure(failure -> System.out.println("failed " + failure));
  }

  private static final class Server extends AbstractVerticle {
    @Override
    public void start() {
      vertx
          .createHttpServer()
          .requestHandler(
              request -> request.response().putHeader("Content-Type", "application/json").end(BODY))
          .listen(-1, "127.0.0.1")
          .onSuccess(server -> System.out.println("ready " + server.actualPort()));
    }
  }
}

package dev.concert.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;

/**
 * The least that a gateway of Vert.x can do: it passes each request to the model, and the answer
 * back. Arguments: the model's port, and on how many event loops. Prints its own port.
 */
public final class BareProxy {
  private static final int CONNECTIONS = 1_000;

  private BareProxy() {}

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    int model = Integer.parseInt(arguments[0]);
    Vertx.vertx()
        .deployVerticle(
            () -> new Server(model),
            new DeploymentOptions().setInstances(Integer.parseInt(arguments[1])))
        .onFailure(failure -> System.out.println("failed " + failure));
  }

  private static final class Server extends VerticleBase {
    private final int model;
    private HttpClient client;

    Server(int model) {
      this.model = model;
    }

    @Override
    public Future<?> start() {
      client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
      return vertx
          .createHttpServer()
          .requestHandler(this::pass)
          .listen(-1, "127.0.0.1")
          .onSuccess(server -> System.out.println("ready " + server.actualPort()));
    }

    private void pass(HttpServerRequest request) {
      request
          .body()
          .compose(
              body ->
                  client
                      .request(HttpMethod.POST, model, "127.0.0.1", request.uri())
                      .compose(
                          asked -> asked.putHeader("content-type", "application/json").send(body)))
          .compose(answer -> back(answer, request.response()))
          .onFailure(failure -> request.response().setStatusCode(502).end());
    }

    private static Future<Void> back(HttpClientResponse answer, HttpServerResponse response) {
      response.putHeader("content-type", answer.getHeader("content-type"));
      String length = answer.getHeader("content-length");
      if (length == null) {
        response.setChunked(true);
      } else {
        response.putHeader("content-length", length);
      }
      return answer.pipeTo(response);
    }
  }
}

package dev.concert.ensemble.provider.cloud;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.testing.vendor.FakeVendor.Asked;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A server that plays a cloud at every path, and one Ensemble that calls it. */
final class PlayedCloud implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private volatile BiConsumer<Asked, HttpServerResponse> script = (asking, to) -> to.end();
  private RunningEnsemble ensemble;

  PlayedCloud() {
    server =
        RunningEnsemble.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  Asked next =
                                      new Asked(
                                          request.path(),
                                          request.query(),
                                          request.headers(),
                                          body.toString());
                                  asked.add(next);
                                  script.accept(next, request.response());
                                }))
                .listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /**
   * Starts Ensemble with one provider at this server.
   *
   * @param provider as in the configuration, with single quotes, without a name, a URL and models
   * @param upstreamIds the models' names at the cloud; {@code model-0} and so on are Ensemble's
   */
  RunningEnsemble ensemble(
      String provider, Map<String, String> environment, List<String> upstreamIds) {
    JsonArray models = new JsonArray();
    for (int i = 0; i < upstreamIds.size(); i++) {
      models.add(
          new JsonObject()
              .put("id", "model-" + i)
              .put("upstreamId", upstreamIds.get(i))
              .put("thinking", true)
              .put("images", true)
              .put("documents", true));
    }
    JsonObject one =
        new JsonObject()
            .put("name", "cloud")
            .put("baseUrl", url())
            .put("models", models)
            .mergeIn(new JsonObject(provider.replace('\'', '"')));
    JsonObject config =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put("providers", new JsonArray().add(one));
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(new JsonObject().put("ensemble", config), environment));
    return ensemble;
  }

  void script(BiConsumer<Asked, HttpServerResponse> next) {
    script = next;
  }

  /** Answers every request so. */
  void answer(int status, String body, String... headers) {
    script(
        (asking, to) -> {
          to.setStatusCode(status).putHeader("content-type", "application/json");
          for (int i = 0; i < headers.length; i += 2) {
            to.putHeader(headers[i], headers[i + 1]);
          }
          to.end(body.replace('\'', '"'));
        });
  }

  /** The next request that came in. */
  Asked asked() {
    try {
      Asked next = asked.poll(3, TimeUnit.MINUTES);
      if (next == null) {
        throw new AssertionError("Nobody asked");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int askedTimes() {
    return asked.size();
  }

  @Override
  public void close() {
    if (ensemble != null) {
      ensemble.close();
    }
    RunningEnsemble.await(vertx.close());
  }
}

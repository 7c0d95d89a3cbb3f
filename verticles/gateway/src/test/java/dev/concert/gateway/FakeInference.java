package dev.concert.gateway;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.inference.InferenceMessages.OpenAccess;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ensemble's side of the bus and of HTTP, played by the test. */
public final class FakeInference {
  public final List<OpenAccess> opened = new CopyOnWriteArrayList<>();
  public final List<CloseAccess> closed = new CopyOnWriteArrayList<>();
  public final List<JsonObject> asked = new CopyOnWriteArrayList<>();
  public volatile Handler<HttpServerRequest> answer = request -> whole(request, "A title");
  public volatile String health = "ok";
  private final HttpServer server;

  public FakeInference(Vertx vertx) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              asked.add(
                                  body.toJsonObject()
                                      .put("path", request.path())
                                      .put("bearer", request.getHeader("Authorization")));
                              answer.handle(request);
                            }));
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    ConcertBus bus = new ConcertBus(vertx);
    bus.serve(
        Addresses.OPEN_ACCESS,
        request -> {
          opened.add(request);
          return Future.succeededFuture(new Access(url(), "the-token", "default-model"));
        });
    bus.serve(
        Addresses.CLOSE_ACCESS,
        request -> {
          closed.add(request);
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
    bus.serve(
        Addresses.ENSEMBLE_HEALTH, _ -> Future.succeededFuture(new HealthReport(health, Map.of())));
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Answers with this text, as a whole. */
  public static void whole(HttpServerRequest request, String text) {
    request
        .response()
        .end(
            new JsonObject()
                .put(
                    "blocks",
                    new JsonArray()
                        .add(new JsonObject().put("type", "thinking").put("text", "hm"))
                        .add(new JsonObject().put("type", "text").put("text", text)))
                .put("input_tokens", 7)
                .put("output_tokens", 3)
                .encode());
  }
}

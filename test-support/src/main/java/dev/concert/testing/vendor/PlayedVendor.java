package dev.concert.testing.vendor;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A server of this host that plays a vendor: its wire format, its errors and its odd cases. */
public final class PlayedVendor implements AutoCloseable {
  /** What came in. */
  public record Asked(String path, String query, io.vertx.core.MultiMap headers, String body) {}

  public static final String KEY = "sk-played-secret-0123456789";

  private final Vertx vertx = Vertx.vertx();
  private final VendorWire wire;
  private final HttpServer server;
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private volatile BiConsumer<Asked, HttpServerResponse> script = (asking, to) -> to.end();

  public PlayedVendor(VendorWire wire) {
    this.wire = wire;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** The base URL to configure, without a trailing slash. */
  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + wire.basePath();
  }

  public VendorWire wire() {
    return wire;
  }

  /** Answers every request so, streamed or in one piece as it was asked for. */
  public void answer(PlayedAnswer answer) {
    script(
        (asking, to) -> {
          if (wire.streams(asking.path(), asking.body())) {
            begin(to);
            wire.events(answer).forEach(to::write);
            to.end();
          } else {
            to.putHeader("content-type", "application/json").end(wire.whole(answer));
          }
        });
  }

  /** Answers with these bytes as a stream of events, ended cleanly. */
  public void stream(Buffer... pieces) {
    script(
        (asking, to) -> {
          begin(to);
          for (Buffer piece : pieces) {
            to.write(piece);
          }
          to.end();
        });
  }

  public void fail(int status, String message, String... headers) {
    script(
        (asking, to) -> {
          to.setStatusCode(status).putHeader("content-type", "application/json");
          for (int i = 0; i < headers.length; i += 2) {
            to.putHeader(headers[i], headers[i + 1]);
          }
          to.end(wire.error(status, message));
        });
  }

  public void script(BiConsumer<Asked, HttpServerResponse> next) {
    script = next;
  }

  /** The next request that came in, in the order of their arrival; waits 10 s at most. */
  public Asked asked() {
    try {
      Asked next = asked.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("Nobody asked within 10 s");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public int askedTimes() {
    return asked.size();
  }

  public static HttpServerResponse begin(HttpServerResponse response) {
    return response.setChunked(true).putHeader("content-type", "text/event-stream");
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (!wire.serves(request.path())) {
      response.setStatusCode(404).end("wrong path " + request.path());
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              Asked next =
                  new Asked(request.path(), request.query(), request.headers(), body.toString());
              asked.add(next);
              script.accept(next, response);
            });
  }
}

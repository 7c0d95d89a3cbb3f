package dev.concert.testing.vendor;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A server of this host that plays a vendor: its wire format, its errors and its odd cases. */
public final class FakeVendor implements AutoCloseable {
  /** What came in. */
  public record Asked(String path, String query, io.vertx.core.MultiMap headers, String body) {}

  public static final String KEY = "sk-played-secret-0123456789";

  /** Credentials of Amazon with the same secret. */
  public static final String AWS_KEY = "AKIDPLAYED0123456789:" + KEY;

  private static final long PAUSE_MS = 20;
  private static final int REFUSED = 403;

  private final Vertx vertx = Vertx.vertx();
  private final VendorWire wire;
  private final HttpServer server;
  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private volatile BiConsumer<Asked, HttpServerResponse> script = (asking, to) -> to.end();

  public FakeVendor(VendorWire wire) {
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
  public void answer(FakeAnswer answer) {
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

  /** The next request that came in, in the order of their arrival; waits two minutes at most. */
  public Asked asked() {
    try {
      Asked next = asked.poll(2, TimeUnit.MINUTES);
      if (next == null) {
        throw new AssertionError("Nobody asked within two minutes");
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

  /** Writes one event after the other, some milliseconds apart, and then the end. */
  public void slowly(HttpServerResponse to, List<String> events) {
    vertx.setTimer(
        PAUSE_MS,
        _ -> {
          if (events.isEmpty()) {
            to.end();
          } else if (!to.closed()) {
            to.write(events.getFirst());
            slowly(to, events.subList(1, events.size()));
          }
        });
  }

  public static HttpServerResponse begin(HttpServerResponse response) {
    return response.setChunked(true).putHeader("content-type", "text/event-stream");
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest request) {
    HttpServerResponse response = wire.framed(request.response());
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
              wire.refusal(next)
                  .ifPresentOrElse(
                      refusal ->
                          response
                              .setStatusCode(REFUSED)
                              .putHeader("content-type", "application/json")
                              .end(refusal.encode()),
                      () -> script.accept(next, response));
            });
  }
}

package dev.concert.foundation.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * A response of server-sent events.
 *
 * <p>The first event starts the response: until then a failure can still be an ordinary HTTP error.
 * When nothing was sent for one heartbeat interval, a comment is sent, so that neither the client
 * nor a proxy takes the silence for a dead connection. What is written after the client has gone is
 * dropped.
 *
 * <p>Not thread-safe: lives on the context of its request.
 *
 * <p>Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
public final class SseResponse {
  public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(20);

  public static final String MEDIA_TYPE = "text/event-stream";

  /** The same media type with its character set, as most vendors send it. */
  public static final String MEDIA_TYPE_UTF_8 = MEDIA_TYPE + "; charset=utf-8";

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final String mediaType;
  private final long heartbeat;
  private boolean silent = true;

  /**
   * @param mediaType value of the header {@code Content-Type}
   * @param interval after so long without an event a comment is sent
   */
  public SseResponse(
      Vertx vertx, HttpServerResponse response, String mediaType, Duration interval) {
    this.vertx = vertx;
    this.response = response;
    this.mediaType = mediaType;
    this.heartbeat = vertx.setPeriodic(interval.toMillis(), _ -> beat());
  }

  /** Whether anything was sent, so that a failure can no longer be an HTTP error. */
  public boolean started() {
    return response.headWritten();
  }

  /** Whether the client has gone, or all was sent. */
  public boolean closed() {
    return response.closed() || response.ended();
  }

  /** An unnamed event. {@code data} must be one line, as compact JSON is. */
  public void data(Buffer data) {
    write(Buffer.buffer("data: ").appendBuffer(data).appendString("\n\n"));
  }

  /** A named event. {@code data} must be one line, as compact JSON is. */
  public void event(String name, Buffer data) {
    write(bytes(name, data));
  }

  /** The bytes of a named event. */
  public static Buffer bytes(String name, Buffer data) {
    return Buffer.buffer("event: " + name + "\ndata: ").appendBuffer(data).appendString("\n\n");
  }

  /** The bytes of a named event with an id. */
  public static Buffer bytes(String name, long id, Buffer data) {
    return Buffer.buffer("event: " + name + "\nid: " + id + "\ndata: ")
        .appendBuffer(data)
        .appendString("\n\n");
  }

  /** Ends the response; starts it first if nothing was sent. A second call does nothing. */
  public void end() {
    end(Buffer.buffer());
  }

  /** Writes the last event, encoded, and ends the response. A second call does nothing. */
  public void end(Buffer event) {
    stop();
    if (!closed()) {
      start(response, mediaType);
      response.end(event);
    }
  }

  /** Stops the heartbeat without ending the response, which another part answers now. */
  public void stop() {
    vertx.cancelTimer(heartbeat);
  }

  /** Whether the client reads more slowly than events come. */
  public boolean full() {
    return response.writeQueueFull();
  }

  /** Runs the action once the client has caught up. */
  public void whenDrained(Runnable action) {
    response.drainHandler(_ -> action.run());
  }

  /** Writes an encoded event. Completes when it was passed on, or cannot be any more. */
  public Future<Void> write(Buffer event) {
    if (closed()) {
      return Future.succeededFuture();
    }
    silent = false;
    start(response, mediaType);
    return response.write(event);
  }

  private void beat() {
    if (closed()) {
      stop();
    } else if (silent && !response.writeQueueFull()) {
      start(response, mediaType);
      response.write(": still working\n\n");
    }
    silent = true;
  }

  /** Sets the headers of a stream of events, unless the response has started. */
  public static void start(HttpServerResponse response, String mediaType) {
    if (!response.headWritten()) {
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
          // A compressor would hold events back.
          .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY)
          // Without it nginx collects the stream before it passes it on.
          .putHeader("X-Accel-Buffering", "no");
      if (!response.headers().contains(HttpHeaders.CACHE_CONTROL)) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
      }
    }
  }
}

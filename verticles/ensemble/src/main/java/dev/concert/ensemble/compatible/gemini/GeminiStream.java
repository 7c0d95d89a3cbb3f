package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.foundation.http.SseResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** The two forms of a stream: server-sent events, or the elements of one JSON array. */
sealed interface GeminiStream {
  /** Whether anything was sent, so that a failure can no longer be an HTTP error. */
  boolean started();

  void write(JsonNode chunk);

  void end();

  /** Gives up a stream that has not started; another part answers. */
  void stop();

  boolean full();

  void whenDrained(Runnable action);

  /** {@code alt=sse}. */
  record Events(SseResponse events) implements GeminiStream {
    @Override
    public boolean started() {
      return events.started();
    }

    @Override
    public void write(JsonNode chunk) {
      events.data(ExactJson.bytes(chunk));
    }

    @Override
    public void end() {
      events.end();
    }

    @Override
    public void stop() {
      events.stop();
    }

    @Override
    public boolean full() {
      return events.full();
    }

    @Override
    public void whenDrained(Runnable action) {
      events.whenDrained(action);
    }
  }

  /** One JSON array, an element at a time. */
  record Elements(HttpServerResponse response) implements GeminiStream {
    @Override
    public boolean started() {
      return response.headWritten();
    }

    @Override
    public void write(JsonNode chunk) {
      if (gone()) {
        return;
      }
      Buffer before = Buffer.buffer(started() ? ",\r\n" : "[");
      if (!started()) {
        response
            .setChunked(true)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
            .putHeader("X-Accel-Buffering", "no");
      }
      response.write(before.appendBuffer(ExactJson.bytes(chunk)));
    }

    @Override
    public void end() {
      if (!gone()) {
        response.end("]");
      }
    }

    @Override
    public void stop() {
      // Nothing was begun.
    }

    @Override
    public boolean full() {
      return response.writeQueueFull();
    }

    @Override
    public void whenDrained(Runnable action) {
      response.drainHandler(_ -> action.run());
    }

    private boolean gone() {
      return response.closed() || response.ended();
    }
  }
}

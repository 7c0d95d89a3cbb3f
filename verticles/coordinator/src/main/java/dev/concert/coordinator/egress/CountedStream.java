package dev.concert.coordinator.egress;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** A stream that counts the bytes that pass through it. Belongs to one event loop. */
final class CountedStream implements ReadStream<Buffer> {
  private final ReadStream<Buffer> source;
  private long bytes;

  CountedStream(ReadStream<Buffer> source) {
    this.source = source;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public ReadStream<Buffer> handler(Handler<Buffer> handler) {
    source.handler(
        handler == null
            ? null
            : buffer -> {
              bytes += buffer.length();
              handler.handle(buffer);
            });
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    source.exceptionHandler(handler);
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    source.pause();
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    source.resume();
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    source.fetch(amount);
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(Handler<Void> handler) {
    source.endHandler(handler);
    return this;
  }
}

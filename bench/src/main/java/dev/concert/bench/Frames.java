package dev.concert.bench;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Cuts a stream into the frames of the agent protocol. */
final class Frames implements Handler<Buffer> {
  private final Consumer<Buffer> sink;
  private Buffer rest = Buffer.buffer();

  Frames(Consumer<Buffer> sink) {
    this.sink = sink;
  }

  @Override
  public void handle(Buffer data) {
    rest = rest.length() == 0 ? data : rest.appendBuffer(data);
    int position = 0;
    while (rest.length() - position >= 4) {
      int length = rest.getIntLE(position);
      if (rest.length() - position - 4 < length) {
        break;
      }
      sink.accept(rest.slice(position + 4, position + 4 + length));
      position += 4 + length;
    }
    rest = position == rest.length() ? Buffer.buffer() : rest.getBuffer(position, rest.length());
  }
}

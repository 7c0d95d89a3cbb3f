package dev.concert.bus;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Carries one record type: by reference inside a JVM (records are immutable), as JSON between JVMs.
 *
 * <p>Wire form: 4-byte big-endian length, then UTF-8 JSON. A record that is too large is refused
 * with {@link ErrorCode#MESSAGE_TOO_LARGE} before anything is sent.
 */
final class RecordCodec<T extends Record> implements MessageCodec<T, T> {
  private final Class<T> type;
  private final int maxBytes;

  RecordCodec(Class<T> type, int maxBytes) {
    this.type = type;
    this.maxBytes = maxBytes;
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    byte[] json = encode(message);
    if (json.length > maxBytes) {
      throw new ConcertException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "%s has %,d bytes; at most %,d go from one node to another."
              .formatted(type.getSimpleName(), json.length, maxBytes));
    }
    buffer.appendInt(json.length).appendBytes(json);
  }

  private byte[] encode(T message) {
    try {
      return Json.MAPPER.writeValueAsBytes(message);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode " + type.getName(), e);
    }
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    int length = buffer.getInt(position);
    byte[] json = buffer.getBytes(position + 4, position + 4 + length);
    try {
      return Json.MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot decode " + type.getName(), e);
    }
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public String name() {
    return type.getName();
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}

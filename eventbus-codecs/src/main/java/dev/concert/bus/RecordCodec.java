package dev.concert.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Carries one record type: by reference inside a JVM (records are immutable), as JSON between JVMs.
 *
 * <p>Wire form: 4-byte big-endian length, then UTF-8 JSON.
 */
final class RecordCodec<T extends Record> implements MessageCodec<T, T> {
  private final Class<T> type;

  RecordCodec(Class<T> type) {
    this.type = type;
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    try {
      byte[] json = Json.MAPPER.writeValueAsBytes(message);
      buffer.appendInt(json.length).appendBytes(json);
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

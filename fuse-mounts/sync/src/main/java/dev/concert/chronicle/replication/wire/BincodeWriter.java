package dev.concert.chronicle.replication.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Values as bincode v1 writes them by default: little-endian, integers of fixed size. */
final class BincodeWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  void u8(int value) {
    bytes.write(value);
  }

  void u32(int value) {
    bytes.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  void u64(long value) {
    bytes.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  void bytes(byte[] value) {
    u64(value.length);
    bytes.writeBytes(value);
  }

  void string(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}

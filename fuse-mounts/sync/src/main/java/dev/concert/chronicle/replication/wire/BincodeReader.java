package dev.concert.chronicle.replication.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link BincodeWriter} writes. Never allocates more than the bytes that are there: a
 * length that claims more is an error before anything is made for it.
 */
final class BincodeReader {
  private final ByteBuffer bytes;

  BincodeReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int u8() throws WireException {
    need(1, "a byte");
    return bytes.get() & 0xff;
  }

  int u32() throws WireException {
    need(Integer.BYTES, "a u32");
    return bytes.getInt();
  }

  long u64() throws WireException {
    need(Long.BYTES, "a u64");
    return bytes.getLong();
  }

  /** The number of elements that follow, each of at least so many bytes. */
  int count(int smallestElement, String what) throws WireException {
    long count = u64();
    if (count < 0 || count > bytes.remaining() / smallestElement) {
      throw new WireException(
          "%s claims %s elements, %d bytes are left"
              .formatted(what, Long.toUnsignedString(count), bytes.remaining()));
    }
    return (int) count;
  }

  byte[] bytes() throws WireException {
    byte[] value = new byte[count(1, "a byte string")];
    bytes.get(value);
    return value;
  }

  String string() throws WireException {
    int length = count(1, "a string");
    ByteBuffer text = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new WireException("a string is not UTF-8");
    }
  }

  void end() throws WireException {
    if (bytes.hasRemaining()) {
      throw new WireException(bytes.remaining() + " bytes follow the message");
    }
  }

  private void need(int length, String what) throws WireException {
    if (bytes.remaining() < length) {
      throw new WireException(
          "the message ends within %s at byte %d".formatted(what, bytes.position()));
    }
  }
}

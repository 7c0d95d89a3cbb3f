package dev.concert.coordinator.ipc;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a byte stream into frames: a 4-byte little-endian length and that many bytes.
 *
 * <p>Memory grows with what arrived, not with what a length announces; a length that is zero or
 * above the limit is refused before anything is allocated for it. Not thread-safe.
 */
final class FrameParser {
  /** Largest frame in bytes, without its length. */
  static final int MAX_FRAME = 16 << 20;

  private static final int HEADER = 4;
  private static final int FIRST_ALLOCATION = 64 << 10;

  private final byte[] header = new byte[HEADER];
  private int headerFilled;
  private byte[] body = new byte[0];
  private int bodyFilled;
  private int bodyLength;

  /**
   * Takes the next bytes of the stream.
   *
   * @param frames gets the frames that these bytes completed, in order
   * @throws ProtocolViolation when a length is not allowed; the parser must not be used again
   */
  void feed(Buffer bytes, List<byte[]> frames) {
    int position = 0;
    while (position < bytes.length()) {
      position +=
          headerFilled < HEADER ? feedHeader(bytes, position) : feedBody(bytes, position, frames);
    }
  }

  private int feedHeader(Buffer bytes, int position) {
    header[headerFilled++] = bytes.getByte(position);
    if (headerFilled == HEADER) {
      long length = Buffer.buffer(header).getUnsignedIntLE(0);
      if (length == 0 || length > MAX_FRAME) {
        throw new ProtocolViolation(
            "it announced a frame of %d bytes, where 1 to %d are allowed"
                .formatted(length, MAX_FRAME));
      }
      bodyLength = (int) length;
      bodyFilled = 0;
      body = new byte[Math.min(bodyLength, FIRST_ALLOCATION)];
    }
    return 1;
  }

  private int feedBody(Buffer bytes, int position, List<byte[]> frames) {
    int taken = Math.min(bodyLength - bodyFilled, bytes.length() - position);
    if (bodyFilled + taken > body.length) {
      body =
          Arrays.copyOf(body, Math.min(bodyLength, Math.max(bodyFilled + taken, body.length * 2)));
    }
    bytes.getBytes(position, position + taken, body, bodyFilled);
    bodyFilled += taken;
    if (bodyFilled == bodyLength) {
      frames.add(body);
      headerFilled = 0;
      body = new byte[0];
    }
    return taken;
  }
}

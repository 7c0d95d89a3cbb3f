package dev.concert.coordinator.ipc;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;

/** Writes frames: a 4-byte little-endian length and UTF-8 JSON. */
final class FrameEncoder {
  private FrameEncoder() {}

  /**
   * @throws ConcertException {@link ErrorCode#MESSAGE_TOO_LARGE} above 16 MiB
   */
  static Buffer encode(CoordinatorFrame frame) {
    byte[] json = json(frame);
    if (json.length > FrameParser.MAX_FRAME) {
      throw new ConcertException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "This is %d bytes for the agent; at most %d fit."
              .formatted(json.length, FrameParser.MAX_FRAME));
    }
    return Buffer.buffer(json.length + 4).appendIntLE(json.length).appendBytes(json);
  }

  private static byte[] json(CoordinatorFrame frame) {
    try {
      return Json.MAPPER.writerFor(CoordinatorFrame.class).writeValueAsBytes(frame);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode a frame: " + frame.getClass(), e);
    }
  }
}

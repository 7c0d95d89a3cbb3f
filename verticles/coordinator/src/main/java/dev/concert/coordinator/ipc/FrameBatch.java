package dev.concert.coordinator.ipc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one read of a socket brought.
 *
 * @param frames whole frames, not yet decoded
 * @param violation what came after them, when it was no frame
 */
record FrameBatch(List<byte[]> frames, Optional<ProtocolViolation> violation) {

  /**
   * @param violation the first thing that was not allowed; nothing after it was looked at
   */
  record Decoded(List<ReceivedFrame> frames, Optional<ProtocolViolation> violation) {}

  int bytes() {
    return frames.stream().mapToInt(frame -> frame.length).sum();
  }

  /** Reads the JSON, up to the first frame that is none. */
  Decoded decode() {
    List<ReceivedFrame> decoded = new ArrayList<>(frames.size());
    for (byte[] frame : frames) {
      try {
        decoded.add(ReceivedFrame.decode(frame));
      } catch (ProtocolViolation found) {
        return new Decoded(decoded, Optional.of(found));
      }
    }
    return new Decoded(decoded, violation);
  }
}

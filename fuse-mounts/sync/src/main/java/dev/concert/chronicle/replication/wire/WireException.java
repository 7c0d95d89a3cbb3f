package dev.concert.chronicle.replication.wire;

import java.io.IOException;

/** The other side sent bytes that are no message. The connection is of no more use. */
public final class WireException extends IOException {
  public WireException(String message) {
    super(message);
  }
}

package dev.concert.contract;

import dev.concert.error.Problem;
import dev.concert.protocol.ClientMessage;
import java.util.Optional;

/** What a frame from a client turned out to be. */
public sealed interface ClientFrame {

  /** Echoed in the reply; empty when the client gave none. */
  Optional<String> requestId();

  /** A message that fits its row of the table. */
  record Valid(
      Optional<String> requestId,
      ApiOperation<? extends ClientMessage, ?> operation,
      ClientMessage message)
      implements ClientFrame {}

  /** A frame to refuse; it changed nothing. */
  record Refused(Optional<String> requestId, Problem problem) implements ClientFrame {}
}

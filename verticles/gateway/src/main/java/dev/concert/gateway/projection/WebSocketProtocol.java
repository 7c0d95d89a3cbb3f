package dev.concert.gateway.projection;

import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import java.util.Optional;

/**
 * The JSON protocols of {@code /ws}: each has the events of its version and of those before it, so
 * the dotted events of version 2 never reach a client of version 1.
 */
public enum WebSocketProtocol implements EventProjection {
  VERSION_1(1),
  VERSION_2(2);

  private final int version;

  WebSocketProtocol(int version) {
    this.version = version;
  }

  /**
   * The protocol of a version that was negotiated.
   *
   * @throws IllegalArgumentException for a version that does not exist
   */
  public static WebSocketProtocol ofVersion(int version) {
    return switch (version) {
      case 1 -> VERSION_1;
      case 2 -> VERSION_2;
      default -> throw new IllegalArgumentException("No protocol version " + version);
    };
  }

  public int version() {
    return version;
  }

  /** Whether clients of this version know such an event. */
  public boolean has(ServerEvent event) {
    return ServerProtocol.row(event).since() <= version;
  }

  @Override
  public Optional<String> project(SessionEvent event) {
    return has(event.event()) ? Optional.of(EventCodec.encode(event)) : Optional.empty();
  }
}
